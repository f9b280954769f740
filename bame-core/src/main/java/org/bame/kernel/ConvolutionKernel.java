package org.bame.kernel;

import org.bame.sparsity.Support;

/**
 * The three products of one convolution for one batch layout. An instance owns its index lists and scratch memory, so a
 * call allocates nothing once these have grown to the largest mask seen; it is used by one thread at a time (and itself
 * spreads the work over the provider's threads).
 *
 * <p>Weights are {@code [outputs][kernelHeight][kernelWidth][inputs of a group]}. Activations are in the order of
 * {@link BatchLayout}. Padding lanes of {@code dy} must be zero for {@link #weightGradient}; all other padding may hold any
 * finite number.
 *
 * <p>Each product skips every weight outside its support and returns the multiply-accumulates that it executed for the images
 * of the batch: one for each weight of the support, output pixel and image, as the papers count. A tap that meets
 * padding counts (it is a multiplication by zero, or skipped where that is free); what fills up a tile does not.
 */
public interface ConvolutionKernel {
    /** The convolution. */
    ConvolutionShape shape();

    /** The layout of the batch. */
    BatchLayout batch();

    /**
     * Brings the index lists of a product up to date with a mask, so that this work can be timed apart; the products do it
     * themselves if it was not done. Nothing happens for a dense support or an unchanged mask.
     */
    void prepare(Product product, Support support);

    /** y = W x over the support; overwrites all of {@code y}. */
    default long forward(Support support, Storage weights, Storage x, Storage y) {
        return forward(support, weights, x, y, null);
    }

    /**
     * y = W x over the support; overwrites all of {@code y}.
     *
     * @param epilogue sums {@code y} on the side; or null
     */
    long forward(Support support, Storage weights, Storage x, Storage y, Epilogue epilogue);

    /** dx = W^T dy over the support; overwrites all of {@code dx}. */
    default long inputGradient(Support support, Storage weights, Storage dy, Storage dx) {
        return inputGradient(support, weights, dy, dx, false);
    }

    /**
     * dx = W^T dy over the support.
     *
     * @param add whether to add to what {@code dx} holds instead of overwriting it
     */
    long inputGradient(Support support, Storage weights, Storage dy, Storage dx, boolean add);

    /** dw = dy x^T, summed over the batch, on the support; every weight outside the support gets exactly 0. */
    long weightGradient(Support support, Storage x, Storage dy, Storage dw);
}
