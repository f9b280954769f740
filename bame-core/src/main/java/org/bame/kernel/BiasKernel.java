package org.bame.kernel;

/**
 * The bias of a product, one number a channel, for one shape and batch layout. Padding lanes of {@code dy} may hold
 * anything: they are left out of the sums.
 */
public interface BiasKernel {
    /** {@code y = y + bias} of each channel, padding included. */
    void add(Storage bias, Storage y);

    /** Sums of {@code dy} over images and pixels. */
    void gradient(Storage dy, Storage dBias);
}
