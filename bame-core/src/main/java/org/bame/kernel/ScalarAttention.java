package org.bame.kernel;

/**
 * Attention by the textbook formulas, image after image, in double precision: the reference for the SIMD kernel. Windows are
 * those of a cyclically shifted image, with what came from another edge hidden. Takes both element types.
 */
final class ScalarAttention implements AttentionKernel {
    private final AttentionShape shape;
    private final BatchLayout batch;
    private final int tokens;
    private final int size;

    ScalarAttention(AttentionShape shape, BatchLayout batch) {
        this.shape = shape;
        this.batch = batch;
        this.tokens = shape.tokens();
        this.size = shape.headSize();
    }

    @Override
    public void forward(Storage qkv, Storage bias, Storage statistics, Storage y) {
        ElementType type = Checks.type("qkv", qkv);
        Checks.activations("qkv", qkv, type, batch, shape.input());
        shape.checkBias("bias", bias, type);
        Checks.activations("statistics", statistics, type, batch, shape.statistics());
        Checks.activations("y", y, type, batch, shape.output());
        statistics.fill(0);
        y.fill(0);
        for (int image = 0; image < batch.images(); image++) {
            for (int head = 0; head < shape.heads(); head++) {
                for (int query = 0; query < tokens; query++) {
                    double[] scores = scores(qkv, bias, image, head, query);
                    double largest = Double.NEGATIVE_INFINITY;
                    for (double score : scores) {
                        largest = Math.max(largest, score);
                    }
                    double sum = 0;
                    for (double score : scores) {
                        sum += Math.exp(score - largest);
                    }
                    for (int i = 0; i < size; i++) {
                        double value = 0;
                        for (int key = 0; key < scores.length; key++) {
                            value += Math.exp(scores[key] - largest) / sum * qkv.get(input(image, head, 2, key, i));
                        }
                        y.set(output(image, head, query, i), value);
                    }
                    statistics.set(index(shape.statistics(), image, query, head), largest);
                    statistics.set(index(shape.statistics(), image, query, shape.heads() + head), 1 / sum);
                }
            }
        }
    }

    @Override
    public void backward(
            Storage qkv, Storage bias, Storage statistics, Storage y, Storage dy, Storage dqkv, Storage dBias) {
        ElementType type = Checks.type("qkv", qkv);
        Checks.activations("qkv", qkv, type, batch, shape.input());
        shape.checkBias("bias", bias, type);
        shape.checkBias("dBias", dBias, type);
        Checks.activations("statistics", statistics, type, batch, shape.statistics());
        Checks.activations("y", y, type, batch, shape.output());
        Checks.activations("dy", dy, type, batch, shape.output());
        Checks.activations("dqkv", dqkv, type, batch, shape.input());
        dqkv.fill(0);
        double[] biases = new double[shape.biases()];
        for (int image = 0; image < batch.images(); image++) {
            for (int head = 0; head < shape.heads(); head++) {
                double[][][] sums = new double[3][tokens][size];
                for (int query = 0; query < tokens; query++) {
                    addGradients(qkv, bias, statistics, y, dy, image, head, query, sums, biases);
                }
                for (int part = 0; part < 3; part++) {
                    for (int token = 0; token < tokens; token++) {
                        for (int i = 0; i < size; i++) {
                            dqkv.set(input(image, head, part, token, i), sums[part][token][i]);
                        }
                    }
                }
            }
        }
        for (int i = 0; i < biases.length; i++) {
            dBias.set(i, biases[i]);
        }
    }

    private void addGradients(
            Storage qkv, Storage bias, Storage statistics, Storage y, Storage dy, int image, int head, int query,
            double[][][] sums, double[] biases) {
        double[] scores = scores(qkv, bias, image, head, query);
        double largest = statistics.get(index(shape.statistics(), image, query, head));
        double inverse = statistics.get(index(shape.statistics(), image, query, shape.heads() + head));
        double mean = 0;
        for (int i = 0; i < size; i++) {
            mean += dy.get(output(image, head, query, i)) * y.get(output(image, head, query, i));
        }
        for (int key = 0; key < scores.length; key++) {
            if (scores[key] == Double.NEGATIVE_INFINITY) {
                continue;
            }
            double probability = Math.exp(scores[key] - largest) * inverse;
            double dProbability = 0;
            for (int i = 0; i < size; i++) {
                double gradient = dy.get(output(image, head, query, i));
                dProbability += gradient * qkv.get(input(image, head, 2, key, i));
                sums[2][key][i] += probability * gradient;
            }
            double dScore = probability * (dProbability - mean);
            if (shape.scope() instanceof AttentionScope.Windows windows) {
                biases[bias(windows, head, query, key)] += dScore;
            }
            dScore *= shape.scale();
            for (int i = 0; i < size; i++) {
                sums[0][query][i] += dScore * qkv.get(input(image, head, 1, key, i));
                sums[1][key][i] += dScore * qkv.get(input(image, head, 0, query, i));
            }
        }
    }

    /** Scores of all keys: those that a query does not see are minus infinity. */
    private double[] scores(Storage qkv, Storage bias, int image, int head, int query) {
        double[] scores = new double[tokens];
        for (int key = 0; key < tokens; key++) {
            if (!sees(query, key)) {
                scores[key] = Double.NEGATIVE_INFINITY;
                continue;
            }
            for (int i = 0; i < size; i++) {
                scores[key] += qkv.get(input(image, head, 0, query, i)) * qkv.get(input(image, head, 1, key, i));
            }
            scores[key] *= shape.scale();
            if (shape.scope() instanceof AttentionScope.Windows windows) {
                scores[key] += bias.get(bias(windows, head, query, key));
            }
        }
        return scores;
    }

    private boolean sees(int query, int key) {
        int rows = shape.input().height();
        return switch (shape.scope()) {
            case AttentionScope.Full _ -> true;
            case AttentionScope.Causal _ -> key <= query;
            case AttentionScope.Windows w ->
                together(w, query % rows, key % rows, rows)
                        && together(w, query / rows, key / rows, shape.input().width());
        };
    }

    /** Whether two rows (or columns) are in one window behind the cyclic shift, and came there from the same edge. */
    private static boolean together(AttentionScope.Windows windows, int a, int b, int extent) {
        if (extent <= windows.size()) {
            return true;
        }
        int padded = Math.ceilDiv(extent, windows.size()) * windows.size();
        int shiftedA = Math.floorMod(a - windows.shift(), padded);
        int shiftedB = Math.floorMod(b - windows.shift(), padded);
        boolean sameEdge = (shiftedA < padded - windows.shift()) == (shiftedB < padded - windows.shift());
        return shiftedA / windows.size() == shiftedB / windows.size() && sameEdge;
    }

    private int bias(AttentionScope.Windows windows, int head, int query, int key) {
        int rows = shape.input().height();
        int row = query % rows - key % rows + windows.size() - 1;
        int column = query / rows - key / rows + windows.size() - 1;
        return (row * (2 * windows.size() - 1) + column) * shape.heads() + head;
    }

    private long input(int image, int head, int part, int token, int feature) {
        return index(shape.input(), image, token, (part * shape.heads() + head) * size + feature);
    }

    private long output(int image, int head, int token, int feature) {
        return index(shape.output(), image, token, head * size + feature);
    }

    private long index(FeatureShape tensor, int image, int token, int channel) {
        return batch.index(tensor, image, channel, token % tensor.height(), token / tensor.height());
    }
}
