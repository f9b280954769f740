package org.bame.kernel;

/**
 * Batch normalisation fused with an optional residual addition and an activation, for one tensor shape and batch
 * layout: {@code out = activation(gamma * (x - mean) / sqrt(variance + epsilon) + beta + residual)}. Padding lanes of
 * {@code x} may hold anything finite: they are left out of every sum, and written as 0 in {@code dx} and {@code dOut}.
 */
public interface BatchNormKernel {
    /** Mean and biased variance of each channel over the images and pixels of the batch. */
    void statistics(Storage x, Storage mean, Storage variance);

    /**
     * The fused forward pass.
     *
     * @param residual added before the activation, or null
     * @throws IllegalArgumentException if there is a residual and the activation takes none
     */
    void normalise(Storage x, NormalisationParameters parameters, Storage residual, Activation activation, Storage out);

    /**
     * The fused backward pass through batch statistics.
     *
     * @param parameters those of the forward pass, with the statistics of this batch
     * @param out what {@link #normalise} wrote (tells where the activation was open)
     * @param dOut gradient with respect to {@code out}; becomes that before the activation, which is the residual's
     * @param dx gradient with respect to {@code x}; may be {@code dOut} itself
     */
    void backward(
            Storage x,
            NormalisationParameters parameters,
            Activation activation,
            Storage out,
            Storage dOut,
            Storage dx,
            Storage dGamma,
            Storage dBeta);
}
