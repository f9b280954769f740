package org.bame.kernel;

/**
 * The kernels of transformers, part of a provider of {@link Kernels}. A token is a pixel: its features are the channels,
 * and the images of a minibatch stay innermost, so that attention, too, is arithmetic on vectors of images.
 */
public interface TokenKernels {
    /** A layer normalisation over channels. */
    LayerNormKernel layerNorm(FeatureShape shape, BatchLayout batch);

    /** Softmax attention. */
    AttentionKernel attention(AttentionShape shape, BatchLayout batch);

    /**
     * {@code y = x * Phi(x)} with Phi the distribution function of the standard normal distribution: GELU by its definition
     * (Hendrycks and Gimpel 2016), not by one of its approximations.
     */
    void gelu(FeatureShape shape, BatchLayout batch, Storage x, Storage y);

    /** {@code dx = dy * (Phi(x) + x * phi(x))} with phi the density; {@code dx} may be {@code dy}. */
    void geluBackward(FeatureShape shape, BatchLayout batch, Storage x, Storage dy, Storage dx);

    /** {@code sum = a + b}, element by element: a residual connection. */
    void add(FeatureShape shape, BatchLayout batch, Storage a, Storage b, Storage sum);

    /**
     * Tokens of patches: {@code y = x + position}, behind a class token to which its position is added, too.
     *
     * @param token the class token's {@code channels} numbers; null if the shape has none
     * @param position {@code [token][channel]}
     */
    void embed(EmbeddingShape shape, BatchLayout batch, Storage x, Storage token, Storage position, Storage y);

    /** Gradients of {@link #embed}; the padding of {@code dy} is left out of the sums. */
    void embedBackward(
            EmbeddingShape shape, BatchLayout batch, Storage dy, Storage dx, Storage dToken, Storage dPosition);

    /** Takes one token: y has one pixel. */
    void select(FeatureShape shape, int token, BatchLayout batch, Storage x, Storage y);

    /** Gradient of {@link #select}. */
    void selectBackward(FeatureShape shape, int token, BatchLayout batch, Storage dy, Storage dx);

    /** Merges patches: a permutation. */
    void merge(MergingShape shape, BatchLayout batch, Storage x, Storage y);

    /** Gradient of {@link #merge}. */
    void mergeBackward(MergingShape shape, BatchLayout batch, Storage dy, Storage dx);
}
