package org.bame.kernel;

/**
 * Layer normalisation by the textbook formulas, pixel after pixel, in double precision: the reference for the SIMD
 * kernel. Takes both element types. Padding lanes of whatever it writes become 0.
 */
final class ScalarLayerNorm implements LayerNormKernel {
    private final FeatureShape shape;
    private final FeatureShape statisticsShape;
    private final BatchLayout batch;

    ScalarLayerNorm(FeatureShape shape, BatchLayout batch) {
        this.shape = shape;
        this.statisticsShape = LayerNormKernel.statistics(shape);
        this.batch = batch;
    }

    @Override
    public void forward(Storage x, double epsilon, Storage gamma, Storage beta, Storage statistics, Storage out) {
        ElementType type = Checks.type("x", x);
        Checks.epsilon(epsilon);
        Checks.activations("x", x, type, batch, shape);
        Checks.storage("gamma", gamma, type, shape.channels());
        Checks.storage("beta", beta, type, shape.channels());
        Checks.activations("statistics", statistics, type, batch, statisticsShape);
        Checks.activations("out", out, type, batch, shape);
        statistics.fill(0);
        out.fill(0);
        for (int image = 0; image < batch.images(); image++) {
            for (int pixel = 0; pixel < shape.pixels(); pixel++) {
                double sum = 0;
                for (int channel = 0; channel < shape.channels(); channel++) {
                    sum += x.get(index(shape, image, pixel, channel));
                }
                double mean = sum / shape.channels();
                double squares = 0;
                for (int channel = 0; channel < shape.channels(); channel++) {
                    double deviation = x.get(index(shape, image, pixel, channel)) - mean;
                    squares += deviation * deviation;
                }
                double inverse = 1 / Math.sqrt(squares / shape.channels() + epsilon);
                for (int channel = 0; channel < shape.channels(); channel++) {
                    long i = index(shape, image, pixel, channel);
                    out.set(i, gamma.get(channel) * ((x.get(i) - mean) * inverse) + beta.get(channel));
                }
                statistics.set(index(statisticsShape, image, pixel, 0), mean);
                statistics.set(index(statisticsShape, image, pixel, 1), inverse);
            }
        }
    }

    @Override
    public void backward(Storage x, Storage statistics, Storage gamma, Storage dOut, Storage dx, Storage dGamma,
            Storage dBeta) {
        ElementType type = Checks.type("x", x);
        Checks.activations("x", x, type, batch, shape);
        Checks.activations("statistics", statistics, type, batch, statisticsShape);
        Checks.storage("gamma", gamma, type, shape.channels());
        Checks.activations("dOut", dOut, type, batch, shape);
        Checks.activations("dx", dx, type, batch, shape);
        Checks.storage("dGamma", dGamma, type, shape.channels());
        Checks.storage("dBeta", dBeta, type, shape.channels());
        double[] gammaSums = new double[shape.channels()];
        double[] betaSums = new double[shape.channels()];
        dx.fill(0);
        for (int image = 0; image < batch.images(); image++) {
            for (int pixel = 0; pixel < shape.pixels(); pixel++) {
                double mean = statistics.get(index(statisticsShape, image, pixel, 0));
                double inverse = statistics.get(index(statisticsShape, image, pixel, 1));
                double sum = 0;
                double sumNormalised = 0;
                for (int channel = 0; channel < shape.channels(); channel++) {
                    long i = index(shape, image, pixel, channel);
                    double normalised = (x.get(i) - mean) * inverse;
                    gammaSums[channel] += dOut.get(i) * normalised;
                    betaSums[channel] += dOut.get(i);
                    sum += gamma.get(channel) * dOut.get(i);
                    sumNormalised += gamma.get(channel) * dOut.get(i) * normalised;
                }
                for (int channel = 0; channel < shape.channels(); channel++) {
                    long i = index(shape, image, pixel, channel);
                    double normalised = (x.get(i) - mean) * inverse;
                    dx.set(i, inverse * (gamma.get(channel) * dOut.get(i) - sum / shape.channels()
                            - normalised * (sumNormalised / shape.channels())));
                }
            }
        }
        for (int channel = 0; channel < shape.channels(); channel++) {
            dGamma.set(channel, gammaSums[channel]);
            dBeta.set(channel, betaSums[channel]);
        }
    }

    private long index(FeatureShape tensor, int image, int pixel, int channel) {
        return batch.index(tensor, image, channel, pixel % shape.height(), pixel / shape.height());
    }
}
