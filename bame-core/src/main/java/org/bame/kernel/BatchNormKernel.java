package org.bame.kernel;

/**
 * Batch normalisation fused with an optional residual addition and an optional ReLU, for one tensor shape and batch
 * layout: {@code out = relu(gamma * (x - mean) / sqrt(variance + epsilon) + beta + residual)}. Per-channel vectors have
 * {@code channels} elements. Padding lanes of {@code x} may hold anything finite: they are left out of every sum, and
 * written as 0 in {@code dx} and {@code dResidual}.
 */
public interface BatchNormKernel {
    /** Mean and biased variance of each channel over the images and pixels of the batch. */
    void statistics(Storage x, Storage mean, Storage variance);

    /**
     * The fused forward pass.
     *
     * @param residual added before the ReLU, or null
     */
    void normalise(
            Storage x,
            Storage mean,
            Storage variance,
            double epsilon,
            Storage gamma,
            Storage beta,
            Storage residual,
            boolean relu,
            Storage out);

    /**
     * The fused backward pass through batch statistics.
     *
     * @param out what {@link #normalise} wrote (tells where the ReLU was open)
     * @param dOut gradient with respect to {@code out}
     * @param dx gradient with respect to {@code x}
     * @param dResidual gradient with respect to the residual, or null; may be {@code dOut} itself
     */
    void backward(
            Storage x,
            Storage mean,
            Storage variance,
            double epsilon,
            Storage gamma,
            boolean relu,
            Storage out,
            Storage dOut,
            Storage dx,
            Storage dResidual,
            Storage dGamma,
            Storage dBeta);
}
