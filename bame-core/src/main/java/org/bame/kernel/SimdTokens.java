package org.bame.kernel;

/** The kernels of transformers on vectors of images, {@link ElementType#FLOAT} only. */
final class SimdTokens implements TokenKernels {
    private final WorkerPool pool;
    private final SimdGelu gelu;
    private final SimdTokenPasses passes;

    SimdTokens(WorkerPool pool) {
        this.pool = pool;
        this.gelu = new SimdGelu(pool);
        this.passes = new SimdTokenPasses(pool);
    }

    @Override
    public LayerNormKernel layerNorm(FeatureShape shape, BatchLayout batch) {
        return new SimdLayerNorm(pool, shape, batch);
    }

    @Override
    public AttentionKernel attention(AttentionShape shape, BatchLayout batch) {
        return new SimdAttention(pool, shape, batch);
    }

    @Override
    public void gelu(FeatureShape shape, BatchLayout batch, Storage x, Storage y) {
        gelu.forward(shape, batch, x, y);
    }

    @Override
    public void geluBackward(FeatureShape shape, BatchLayout batch, Storage x, Storage dy, Storage dx) {
        gelu.backward(shape, batch, x, dy, dx);
    }

    @Override
    public void add(FeatureShape shape, BatchLayout batch, Storage a, Storage b, Storage sum) {
        passes.add(shape, batch, a, b, sum);
    }

    @Override
    public void embed(
            EmbeddingShape shape, BatchLayout batch, Storage x, Storage token, Storage position, Storage y) {
        passes.embed(shape, batch, x, token, position, y);
    }

    @Override
    public void embedBackward(
            EmbeddingShape shape, BatchLayout batch, Storage dy, Storage dx, Storage dToken, Storage dPosition) {
        passes.embedBackward(shape, batch, dy, dx, dToken, dPosition);
    }

    @Override
    public void select(FeatureShape shape, int token, BatchLayout batch, Storage x, Storage y) {
        passes.select(shape, token, batch, x, y);
    }

    @Override
    public void selectBackward(FeatureShape shape, int token, BatchLayout batch, Storage dy, Storage dx) {
        passes.selectBackward(shape, token, batch, dy, dx);
    }

    @Override
    public void merge(MergingShape shape, BatchLayout batch, Storage x, Storage y) {
        passes.merge(shape, batch, x, y);
    }

    @Override
    public void mergeBackward(MergingShape shape, BatchLayout batch, Storage dy, Storage dx) {
        passes.mergeBackward(shape, batch, dy, dx);
    }
}
