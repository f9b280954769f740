package org.bame.kernel;

/**
 * What a batch normalisation does to each channel: {@code gamma * (x - mean) / sqrt(variance + epsilon) + beta}. The
 * storages have one number a channel.
 *
 * @param mean subtracted
 * @param variance biased
 * @param epsilon added to the variance, at least 0
 * @param gamma scale
 * @param beta offset
 */
public record NormalisationParameters(Storage mean, Storage variance, double epsilon, Storage gamma, Storage beta) {
    /** Checks epsilon; the storages are checked by the kernel that they are passed to. */
    public NormalisationParameters {
        Checks.epsilon(epsilon);
    }

    /** {@code 1 / sqrt(variance + epsilon)} of a channel. */
    double inverseDeviation(int channel) {
        return 1 / Math.sqrt(variance.get(channel) + epsilon);
    }

    /** Checks that every storage has one number of this type a channel. */
    void check(ElementType type, int channels) {
        Checks.storage("mean", mean, type, channels);
        Checks.storage("variance", variance, type, channels);
        Checks.storage("gamma", gamma, type, channels);
        Checks.storage("beta", beta, type, channels);
    }
}
