package org.bame.kernel;

import java.lang.foreign.ValueLayout;

/**
 * Mean and variance of each channel. Single precision would cancel if squares were summed where the mean is large
 * against the deviation: so each stretch takes its sums about a value of its own, its first, and gives its own mean and
 * sum of squares about that; these are combined by the formula of Chan, Golub and LeVeque (1983) for many samples.
 */
final class SimdMoments extends SimdEpilogue {
    SimdMoments(FeatureShape shape, BatchLayout batch, LaneMasks masks, int threads) {
        super(shape, batch, masks, threads);
    }

    @Override
    void sum(long result, long offset, int pixels, long step, int channel, int channels, long mask, long sums) {
        SimdBatchNormLoops.moments(result + offset, pixels, step, channels, widthBytes, mask, sums);
    }

    @Override
    void settle(long numbers, double count, double[] first, double[] second, int at) {
        double shift = Native.MEMORY.get(ValueLayout.JAVA_FLOAT_UNALIGNED, numbers);
        second[at] = Math.max(0, second[at] - first[at] * first[at] / count);
        first[at] = shift + first[at] / count;
    }

    /** Writes mean and biased variance over all stretches. */
    void statistics(Storage mean, Storage variance) {
        Checks.summed(target());
        double total = (double) batch.images() * shape.pixels();
        for (int channel = 0; channel < shape.channels(); channel++) {
            double sum = 0;
            for (int part = 0; part < parts(); part++) {
                sum += count(part) * first(part, channel);
            }
            double average = sum / total;
            double squares = 0;
            for (int part = 0; part < parts(); part++) {
                double distance = first(part, channel) - average;
                squares += second(part, channel) + count(part) * distance * distance;
            }
            mean.set(channel, average);
            variance.set(channel, squares / total);
        }
        forget();
    }
}
