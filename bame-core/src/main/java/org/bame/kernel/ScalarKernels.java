package org.bame.kernel;

/**
 * The scalar twin: plain loops, one thread, sums in double precision and a fixed order. It is the reference for the
 * SIMD provider, the only provider for {@link ElementType#DOUBLE} (gradient checks), and the fallback where the vector
 * API is missing. Padding lanes of whatever it writes in the block layout become 0.
 */
public final class ScalarKernels implements Kernels {
    private final TokenKernels tokens = new ScalarTokens();

    @Override
    public String description() {
        return "scalar kernels: plain loops in double precision, 1 thread";
    }

    @Override
    public String provider() {
        return "scalar";
    }

    @Override
    public int threads() {
        return 1;
    }

    @Override
    public ConvolutionKernel convolution(ConvolutionShape shape, BatchLayout batch) {
        return new ScalarConvolution(shape, batch);
    }

    @Override
    public BatchNormKernel batchNorm(FeatureShape shape, BatchLayout batch) {
        return new ScalarBatchNorm(shape, batch);
    }

    @Override
    public BiasKernel bias(FeatureShape shape, BatchLayout batch) {
        return new ScalarBias(shape, batch);
    }

    @Override
    public TokenKernels tokens() {
        return tokens;
    }

    @Override
    public MaxPoolKernel maxPool(PoolingShape shape, BatchLayout batch) {
        return new ScalarMaxPool(shape, batch);
    }

    @Override
    public LookupKernel lookup(int vocabulary, FeatureShape output, BatchLayout batch) {
        return new ScalarLookup(vocabulary, output, batch);
    }

    @Override
    public void toBlocks(FeatureShape shape, BatchLayout batch, Storage images, Storage blocks) {
        ElementType type = Checks.type("images", images);
        Checks.storage("images", images, type, (long) batch.images() * shape.elementsPerImage());
        Checks.activations("blocks", blocks, type, batch, shape);
        blocks.fill(0);
        for (int image = 0; image < batch.images(); image++) {
            for (int channel = 0; channel < shape.channels(); channel++) {
                for (int row = 0; row < shape.height(); row++) {
                    for (int column = 0; column < shape.width(); column++) {
                        blocks.set(batch.index(shape, image, channel, row, column),
                                images.get(imageIndex(shape, image, channel, row, column)));
                    }
                }
            }
        }
    }

    @Override
    public void fromBlocks(FeatureShape shape, BatchLayout batch, Storage blocks, Storage images) {
        ElementType type = Checks.type("blocks", blocks);
        Checks.activations("blocks", blocks, type, batch, shape);
        Checks.storage("images", images, type, (long) batch.images() * shape.elementsPerImage());
        for (int image = 0; image < batch.images(); image++) {
            for (int channel = 0; channel < shape.channels(); channel++) {
                for (int row = 0; row < shape.height(); row++) {
                    for (int column = 0; column < shape.width(); column++) {
                        images.set(imageIndex(shape, image, channel, row, column),
                                blocks.get(batch.index(shape, image, channel, row, column)));
                    }
                }
            }
        }
    }

    @Override
    public void averagePool(FeatureShape shape, BatchLayout batch, Storage x, Storage y) {
        FeatureShape pooled = FeatureShape.vector(shape.channels());
        ElementType type = Checks.type("x", x);
        Checks.activations("x", x, type, batch, shape);
        Checks.activations("y", y, type, batch, pooled);
        y.fill(0);
        for (int image = 0; image < batch.images(); image++) {
            for (int channel = 0; channel < shape.channels(); channel++) {
                double sum = 0;
                for (int row = 0; row < shape.height(); row++) {
                    for (int column = 0; column < shape.width(); column++) {
                        sum += x.get(batch.index(shape, image, channel, row, column));
                    }
                }
                y.set(batch.index(pooled, image, channel, 0, 0), sum / shape.pixels());
            }
        }
    }

    @Override
    public void averagePoolBackward(FeatureShape shape, BatchLayout batch, Storage dy, Storage dx) {
        FeatureShape pooled = FeatureShape.vector(shape.channels());
        ElementType type = Checks.type("dy", dy);
        Checks.activations("dy", dy, type, batch, pooled);
        Checks.activations("dx", dx, type, batch, shape);
        dx.fill(0);
        for (int image = 0; image < batch.images(); image++) {
            for (int channel = 0; channel < shape.channels(); channel++) {
                double share = dy.get(batch.index(pooled, image, channel, 0, 0)) / shape.pixels();
                for (int row = 0; row < shape.height(); row++) {
                    for (int column = 0; column < shape.width(); column++) {
                        dx.set(batch.index(shape, image, channel, row, column), share);
                    }
                }
            }
        }
    }

    @Override
    public void shortcut(FeatureShape input, int outputs, int stride, BatchLayout batch, Storage x, Storage y) {
        ShortcutShape shape = new ShortcutShape(input, outputs, stride);
        FeatureShape output = shape.output();
        ElementType type = Checks.type("x", x);
        Checks.activations("x", x, type, batch, input);
        Checks.activations("y", y, type, batch, output);
        y.fill(0);
        for (int image = 0; image < batch.images(); image++) {
            for (int channel = 0; channel < input.channels(); channel++) {
                for (int row = 0; row < output.height(); row++) {
                    for (int column = 0; column < output.width(); column++) {
                        y.set(batch.index(output, image, channel + shape.margin(), row, column),
                                x.get(batch.index(input, image, channel, row * stride, column * stride)));
                    }
                }
            }
        }
    }

    @Override
    public void shortcutBackward(
            FeatureShape input, int outputs, int stride, BatchLayout batch, Storage dy, Storage dx) {
        ShortcutShape shape = new ShortcutShape(input, outputs, stride);
        FeatureShape output = shape.output();
        ElementType type = Checks.type("dy", dy);
        Checks.activations("dy", dy, type, batch, output);
        Checks.activations("dx", dx, type, batch, input);
        dx.fill(0);
        for (int image = 0; image < batch.images(); image++) {
            for (int channel = 0; channel < input.channels(); channel++) {
                for (int row = 0; row < output.height(); row++) {
                    for (int column = 0; column < output.width(); column++) {
                        dx.set(batch.index(input, image, channel, row * stride, column * stride),
                                dy.get(batch.index(output, image, channel + shape.margin(), row, column)));
                    }
                }
            }
        }
    }

    @Override
    public void add(Storage target, Storage addend) {
        ElementType type = Checks.type("target", target);
        Checks.storage("addend", addend, type, target.size());
        for (long i = 0; i < target.size(); i++) {
            target.set(i, target.get(i) + addend.get(i));
        }
    }

    @Override
    public void dropout(long key, double probability, Storage x, Storage y) {
        int threshold = CounterRandom.threshold(probability);
        ElementType type = Checks.type("x", x);
        Checks.storage("y", y, type, x.size());
        for (long i = 0; i < x.size(); i++) {
            y.set(i, CounterRandom.spares(key, (int) i, threshold) ? x.get(i) / (1 - probability) : 0);
        }
    }

    @Override
    public void dropPath(
            long key, double probability, FeatureShape shape, BatchLayout batch, Storage x, Storage y) {
        int threshold = CounterRandom.threshold(probability);
        ElementType type = Checks.type("x", x);
        Checks.activations("x", x, type, batch, shape);
        Checks.activations("y", y, type, batch, shape);
        y.fill(0);
        for (int image = 0; image < batch.images(); image++) {
            long first = batch.index(shape, image, 0, 0, 0);
            for (int i = 0; i < shape.elementsPerImage() && CounterRandom.spares(key, image, threshold); i++) {
                long at = first + (long) i * batch.blockWidth();
                y.set(at, x.get(at) / (1 - probability));
            }
        }
    }

    @Override
    public void sampleTwoOfFour(long key, FeatureShape shape, BatchLayout batch, Storage dy, Storage sampled) {
        ScalarGradientSampler.sample(key, shape, batch, dy, sampled);
    }

    @Override
    public double softmaxCrossEntropy(
            int images, int classes, int positions, double smoothing, Storage logits, Storage labels,
            Storage gradient) {
        return SoftmaxCrossEntropy.run(images, classes, positions, smoothing, logits, labels, gradient);
    }

    @Override
    public void close() {
        // No threads, nothing to stop.
    }

    private static long imageIndex(FeatureShape shape, int image, int channel, int row, int column) {
        return (((long) image * shape.channels() + channel) * shape.height() + row) * shape.width() + column;
    }
}
