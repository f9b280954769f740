package org.bame.kernel;

/** The SIMD provider: 32-bit floating point on {@code jdk.incubator.vector}, spread over threads. */
final class SimdKernels implements Kernels {
    private final WorkerPool pool;
    private final SimdElementwise elementwise;
    private final TokenKernels tokens;
    private final SimdDropout dropout;
    private final SimdGradientSampler sampler;
    private final SimdSoftmax softmax;
    private final String description;

    SimdKernels(int threads, String reason) {
        this.pool = new WorkerPool(threads);
        this.elementwise = new SimdElementwise(pool);
        this.tokens = new SimdTokens(pool);
        this.dropout = new SimdDropout(pool);
        this.sampler = new SimdGradientSampler(pool);
        this.softmax = new SimdSoftmax(pool);
        this.description = "SIMD kernels: " + Native.SPECIES.vectorBitSize() + "-bit vectors, " + threads
                + (threads == 1 ? " thread" : " threads") + "; " + reason;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public String provider() {
        return "simd" + Native.SPECIES.vectorBitSize();
    }

    @Override
    public int threads() {
        return pool.threads();
    }

    @Override
    public ConvolutionKernel convolution(ConvolutionShape shape, BatchLayout batch) {
        if (shape.groups() == 1) {
            return new SimdConvolution(shape, batch, pool);
        }
        return shape.depthwise()
                ? new DepthwiseConvolution(shape, batch, pool)
                : new GroupedConvolution(shape, batch, pool);
    }

    @Override
    public BatchNormKernel batchNorm(FeatureShape shape, BatchLayout batch) {
        return new SimdBatchNorm(pool, shape, batch);
    }

    @Override
    public BiasKernel bias(FeatureShape shape, BatchLayout batch) {
        return new SimdBias(pool, shape, batch);
    }

    @Override
    public TokenKernels tokens() {
        return tokens;
    }

    @Override
    public MaxPoolKernel maxPool(PoolingShape shape, BatchLayout batch) {
        return new SimdMaxPool(shape, batch, pool);
    }

    @Override
    public LookupKernel lookup(int vocabulary, FeatureShape output, BatchLayout batch) {
        return new PooledLookup(vocabulary, output, batch, pool);
    }

    @Override
    public void toBlocks(FeatureShape shape, BatchLayout batch, Storage images, Storage blocks) {
        elementwise.toBlocks(shape, batch, images, blocks);
    }

    @Override
    public void fromBlocks(FeatureShape shape, BatchLayout batch, Storage blocks, Storage images) {
        elementwise.fromBlocks(shape, batch, blocks, images);
    }

    @Override
    public void averagePool(FeatureShape shape, BatchLayout batch, Storage x, Storage y) {
        elementwise.averagePool(shape, batch, x, y);
    }

    @Override
    public void averagePoolBackward(FeatureShape shape, BatchLayout batch, Storage dy, Storage dx) {
        elementwise.averagePoolBackward(shape, batch, dy, dx);
    }

    @Override
    public void shortcut(FeatureShape input, int outputs, int stride, BatchLayout batch, Storage x, Storage y) {
        elementwise.shortcut(input, outputs, stride, batch, x, y);
    }

    @Override
    public void shortcutBackward(FeatureShape input, int outputs, int stride, BatchLayout batch, Storage dy,
            Storage dx) {
        elementwise.shortcutBackward(input, outputs, stride, batch, dy, dx);
    }

    @Override
    public void add(Storage target, Storage addend) {
        elementwise.add(target, addend);
    }

    @Override
    public void dropout(long key, double probability, Storage x, Storage y) {
        dropout.dropout(key, probability, x, y);
    }

    @Override
    public void dropPath(
            long key, double probability, FeatureShape shape, BatchLayout batch, Storage x, Storage y) {
        dropout.dropPath(key, probability, shape, batch, x, y);
    }

    @Override
    public void sampleTwoOfFour(long key, FeatureShape shape, BatchLayout batch, Storage dy, Storage sampled) {
        sampler.sample(key, shape, batch, dy, sampled);
    }

    @Override
    public double softmaxCrossEntropy(
            int images, int classes, int positions, double smoothing, Storage logits, Storage labels,
            Storage gradient) {
        return softmax.run(images, classes, positions, smoothing, logits, labels, gradient);
    }

    @Override
    public void close() {
        pool.close();
    }
}
