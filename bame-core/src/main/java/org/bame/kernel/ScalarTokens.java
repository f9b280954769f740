package org.bame.kernel;

/**
 * The scalar twin of {@link SimdTokens}: plain loops in double precision. Padding lanes follow the same arithmetic as the others
 * where a pass goes number by number, else they become 0.
 */
final class ScalarTokens implements TokenKernels {
    @Override
    public LayerNormKernel layerNorm(FeatureShape shape, BatchLayout batch) {
        return new ScalarLayerNorm(shape, batch);
    }

    @Override
    public AttentionKernel attention(AttentionShape shape, BatchLayout batch) {
        return new ScalarAttention(shape, batch);
    }

    @Override
    public void gelu(FeatureShape shape, BatchLayout batch, Storage x, Storage y) {
        ElementType type = Checks.type("x", x);
        Checks.activations("x", x, type, batch, shape);
        Checks.activations("y", y, type, batch, shape);
        for (long i = 0; i < x.size(); i++) {
            y.set(i, x.get(i) * NormalDistribution.cumulative(x.get(i)));
        }
    }

    @Override
    public void geluBackward(FeatureShape shape, BatchLayout batch, Storage x, Storage dy, Storage dx) {
        ElementType type = Checks.type("x", x);
        Checks.activations("x", x, type, batch, shape);
        Checks.activations("dy", dy, type, batch, shape);
        Checks.activations("dx", dx, type, batch, shape);
        for (long i = 0; i < x.size(); i++) {
            double value = x.get(i);
            double slope = NormalDistribution.cumulative(value) + value * NormalDistribution.density(value);
            dx.set(i, dy.get(i) * slope);
        }
    }

    @Override
    public void add(FeatureShape shape, BatchLayout batch, Storage a, Storage b, Storage sum) {
        ElementType type = Checks.type("a", a);
        Checks.activations("a", a, type, batch, shape);
        Checks.activations("b", b, type, batch, shape);
        Checks.activations("sum", sum, type, batch, shape);
        for (long i = 0; i < sum.size(); i++) {
            sum.set(i, a.get(i) + b.get(i));
        }
    }

    @Override
    public void embed(
            EmbeddingShape shape, BatchLayout batch, Storage x, Storage token, Storage position, Storage y) {
        ElementType type = Checks.type("x", x);
        Checks.activations("x", x, type, batch, shape.patches());
        shape.check(type, token, position);
        Checks.activations("y", y, type, batch, shape.output());
        y.fill(0);
        for (int image = 0; image < batch.images(); image++) {
            for (int t = 0; t < shape.tokens(); t++) {
                for (int channel = 0; channel < shape.patches().channels(); channel++) {
                    double value = t < shape.firstPatch()
                            ? token.get(channel)
                            : x.get(index(shape.patches(), batch, image, t - shape.firstPatch(), channel));
                    y.set(index(shape.output(), batch, image, t, channel),
                            value + position.get((long) t * shape.patches().channels() + channel));
                }
            }
        }
    }

    @Override
    public void embedBackward(
            EmbeddingShape shape, BatchLayout batch, Storage dy, Storage dx, Storage dToken, Storage dPosition) {
        ElementType type = Checks.type("dy", dy);
        Checks.activations("dy", dy, type, batch, shape.output());
        Checks.activations("dx", dx, type, batch, shape.patches());
        shape.check(type, dToken, dPosition);
        dx.fill(0);
        for (int t = 0; t < shape.tokens(); t++) {
            for (int channel = 0; channel < shape.patches().channels(); channel++) {
                double sum = 0;
                for (int image = 0; image < batch.images(); image++) {
                    double value = dy.get(index(shape.output(), batch, image, t, channel));
                    sum += value;
                    if (t >= shape.firstPatch()) {
                        dx.set(index(shape.patches(), batch, image, t - shape.firstPatch(), channel), value);
                    }
                }
                dPosition.set((long) t * shape.patches().channels() + channel, sum);
                if (t < shape.firstPatch()) {
                    dToken.set(channel, sum);
                }
            }
        }
    }

    @Override
    public void select(FeatureShape shape, int token, BatchLayout batch, Storage x, Storage y) {
        Checks.token(token, shape);
        ElementType type = Checks.type("x", x);
        FeatureShape one = FeatureShape.vector(shape.channels());
        Checks.activations("x", x, type, batch, shape);
        Checks.activations("y", y, type, batch, one);
        y.fill(0);
        for (int image = 0; image < batch.images(); image++) {
            for (int channel = 0; channel < shape.channels(); channel++) {
                y.set(index(one, batch, image, 0, channel), x.get(index(shape, batch, image, token, channel)));
            }
        }
    }

    @Override
    public void selectBackward(FeatureShape shape, int token, BatchLayout batch, Storage dy, Storage dx) {
        Checks.token(token, shape);
        ElementType type = Checks.type("dy", dy);
        FeatureShape one = FeatureShape.vector(shape.channels());
        Checks.activations("dy", dy, type, batch, one);
        Checks.activations("dx", dx, type, batch, shape);
        dx.fill(0);
        for (int image = 0; image < batch.images(); image++) {
            for (int channel = 0; channel < shape.channels(); channel++) {
                dx.set(index(shape, batch, image, token, channel), dy.get(index(one, batch, image, 0, channel)));
            }
        }
    }

    @Override
    public void merge(MergingShape shape, BatchLayout batch, Storage x, Storage y) {
        ElementType type = Checks.type("x", x);
        Checks.activations("x", x, type, batch, shape.input());
        Checks.activations("y", y, type, batch, shape.output());
        y.fill(0);
        forMerged(shape, batch, (merged, single) -> y.set(merged, x.get(single)));
    }

    @Override
    public void mergeBackward(MergingShape shape, BatchLayout batch, Storage dy, Storage dx) {
        ElementType type = Checks.type("dy", dy);
        Checks.activations("dy", dy, type, batch, shape.output());
        Checks.activations("dx", dx, type, batch, shape.input());
        dx.fill(0);
        forMerged(shape, batch, (merged, single) -> dx.set(single, dy.get(merged)));
    }

    /** Positions of every number, merged and not. */
    private static void forMerged(MergingShape shape, BatchLayout batch, LongBinaryConsumer action) {
        FeatureShape in = shape.input();
        for (int image = 0; image < batch.images(); image++) {
            for (int row = 0; row < in.height(); row++) {
                for (int column = 0; column < in.width(); column++) {
                    int part = column % 2 * 2 + row % 2;
                    for (int channel = 0; channel < in.channels(); channel++) {
                        int merged = part * in.channels() + channel;
                        action.accept(
                                batch.index(shape.output(), image, merged, row / 2, column / 2),
                                batch.index(in, image, channel, row, column));
                    }
                }
            }
        }
    }

    private interface LongBinaryConsumer {
        void accept(long merged, long single);
    }

    private static long index(FeatureShape shape, BatchLayout batch, int image, int pixel, int channel) {
        return batch.index(shape, image, channel, pixel % shape.height(), pixel / shape.height());
    }
}
