package org.bame.kernel;

/**
 * Max pooling for one shape and batch layout. The forward pass keeps which pixel of each window won, so an instance
 * belongs to one layer. Of equal pixels the first wins, rows from the top and within a row columns from the left, as in
 * PyTorch; padding never wins. Numbers are finite, padding lanes too.
 */
public interface MaxPoolKernel {
    /** y = the largest number of each window; overwrites all of {@code y}. */
    void forward(Storage x, Storage y);

    /**
     * Gradient of the latest {@link #forward}: dx = the sum of {@code dy} over the windows that a pixel won, 0 where it
     * won none; overwrites all of {@code dx}.
     */
    void backward(Storage dy, Storage dx);
}
