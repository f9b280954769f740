package org.bame.kernel;

/**
 * Layer normalisation over the channels of each pixel (token) of each image, for one tensor shape and batch layout:
 * {@code out = gamma * (x - mean) / sqrt(variance + epsilon) + beta} (Ba et al. 2016, variance biased). Gamma and beta
 * have {@code channels} elements. Padding lanes of {@code x} and {@code dOut} may hold anything finite: they are left
 * out of the sums over images, and written as 0 in {@code dx}.
 */
public interface LayerNormKernel {
    /** Extents of what {@link #forward} keeps for {@link #backward}: the mean and the inverse deviation of each pixel. */
    static FeatureShape statistics(FeatureShape shape) {
        return new FeatureShape(2, shape.height(), shape.width());
    }

    /**
     * Normalises.
     *
     * @param statistics receives activations of shape {@link #statistics}
     */
    void forward(Storage x, double epsilon, Storage gamma, Storage beta, Storage statistics, Storage out);

    /**
     * Gradients.
     *
     * @param statistics what {@link #forward} wrote
     * @param dOut gradient with respect to {@code out}
     * @param dx gradient with respect to {@code x}
     */
    void backward(Storage x, Storage statistics, Storage gamma, Storage dOut, Storage dx, Storage dGamma,
            Storage dBeta);
}
