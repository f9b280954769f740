package org.bame.kernel;

/**
 * Batch normalisation fused with an optional residual addition and an activation, for one tensor shape and batch
 * layout: {@code out = activation(gamma * (x - mean) / sqrt(variance + epsilon) + beta + residual)}. Padding lanes of
 * {@code x} may hold anything finite: they are left out of every sum and written as 0 in {@code dx}; those of
 * {@code dOut} must be 0.
 *
 * <p>Both passes begin with sums over the batch, of a tensor that a product has just written. Those of the forward pass also
 * come as an {@link Epilogue} of that product, which costs no sweep over the tensor; an instance holds those summed last. (Those
 * of the backward pass did, too: it was slower, since the product then waits for {@code x}.)
 */
public interface BatchNormKernel {
    /** Sums the first two moments of {@code x}. */
    void moments(Storage x);

    /** The same as an epilogue of the product that writes {@code x}. */
    Epilogue moments();

    /** Mean and biased variance of each channel over the images and pixels of the batch, from the moments. */
    void statistics(Storage mean, Storage variance);

    /**
     * The fused forward pass.
     *
     * @param residual added before the activation, or null
     * @param gates receives where the activation is open, for the backward pass; null if there will be none. An
     *     activation that is not {@link Activation#gated} leaves it alone
     * @throws IllegalArgumentException if there is a residual and the activation takes none
     */
    void normalise(
            Storage x,
            NormalisationParameters parameters,
            Storage residual,
            Activation activation,
            Gates gates,
            Storage out);

    /**
     * The fused backward pass.
     *
     * @param parameters those of the forward pass, with the statistics of this batch
     * @param gates what {@link #normalise} wrote; null for an activation without gates
     * @param dOut gradient with respect to {@code out}; is multiplied in place by the activation's slope, which makes it the
     *     gradient with respect to the residual
     * @param dx gradient with respect to {@code x}; may be {@code dOut} itself, which it then overwrites
     */
    void backward(
            Storage x,
            NormalisationParameters parameters,
            Activation activation,
            Gates gates,
            Storage dOut,
            Storage dx,
            Storage dGamma,
            Storage dBeta);
}
