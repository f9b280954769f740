package org.bame.kernel;

/** Four single-precision numbers a channel, as the loops of {@link SimdBatchNorm} read them. */
final class NormalisationCoefficients {
    private final int channels;
    private final Storage numbers;

    NormalisationCoefficients(int channels) {
        this.channels = channels;
        this.numbers = Storage.allocate(ElementType.FLOAT, 4L * channels);
    }

    /** Writes mean, scale and beta of each channel: {@code (x - mean) * scale + beta}. */
    void load(NormalisationParameters parameters) {
        for (int channel = 0; channel < channels; channel++) {
            double scale = parameters.gamma().get(channel) * parameters.inverseDeviation(channel);
            set(channel, parameters.mean().get(channel), scale, parameters.beta().get(channel), 0);
        }
    }

    void set(int channel, double first, double second, double third, double fourth) {
        numbers.set(4L * channel, first);
        numbers.set(4L * channel + 1, second);
        numbers.set(4L * channel + 2, third);
        numbers.set(4L * channel + 3, fourth);
    }

    long address(int channel) {
        return numbers.address() + 4L * Float.BYTES * channel;
    }
}
