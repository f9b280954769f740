package org.bame.kernel;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Mean and variance of each channel. Single precision would cancel if squares were summed where the mean is large
 * against the deviation: so each stretch takes its sums about a value of its own, its first, and gives its own mean and
 * sum of squares about that; these are combined by the formula of Chan, Golub and LeVeque (1983) for many samples.
 */
final class SimdMoments extends SimdEpilogue {
    private final double[] averages;
    private final double[] squares;

    SimdMoments(FeatureShape shape, BatchLayout batch, LaneMasks masks, int threads) {
        super(shape, batch, masks, threads);
        averages = new double[shape.channels()];
        squares = new double[shape.channels()];
    }

    @Override
    void sum(
            long result, long offset, int laneBytes, int pixels, long step, int channel, int channels, long mask,
            long sums) {
        long x = result + offset;
        for (int v = 0; v < laneBytes; v += 2 * Native.VECTOR_BYTES) {
            if (v + Native.VECTOR_BYTES < laneBytes) {
                SimdBatchNormLoops.momentsOfPair(x + v, pixels, step, channels, widthBytes, mask + v, x, sums);
            } else {
                SimdBatchNormLoops.momentsOfOne(x + v, pixels, step, channels, widthBytes, mask + v, x, sums);
            }
        }
    }

    @Override
    void settle(long numbers, double count, int at, int channels) {
        // Lanes of padding alone count nothing.
        double share = count == 0 ? 0 : 1 / count;
        for (int i = 0; i < channels; i++) {
            double shift = Native.MEMORY.get(ValueLayout.JAVA_FLOAT_UNALIGNED, numbers + (long) i * widthBytes);
            double sum = firstSums[at + i];
            firstSums[at + i] = shift + sum * share;
            secondSums[at + i] = Math.max(0, secondSums[at + i] - sum * (sum * share));
        }
    }

    /** Writes mean and biased variance over all stretches. */
    void statistics(Storage mean, Storage variance) {
        Checks.summed(target());
        double total = (double) batch.images() * shape.pixels();
        weightedMeans(averages);
        for (int channel = 0; channel < averages.length; channel++) {
            averages[channel] /= total;
        }
        squaresAbout(averages, squares);
        for (int channel = 0; channel < averages.length; channel++) {
            mean.set(channel, averages[channel]);
            variance.set(channel, squares[channel] / total);
        }
        forget();
    }

    /** Sums the stretches' means times their counts. */
    private void weightedMeans(double[] result) {
        Arrays.fill(result, 0);
        for (int part = 0; part < parts(); part++) {
            double count = count(part);
            int at = part * result.length;
            for (int channel = 0; channel < result.length; channel++) {
                result[channel] += count * firstSums[at + channel];
            }
        }
    }

    /** Sums the squared distances of all numbers from the mean of all. */
    private void squaresAbout(double[] center, double[] result) {
        Arrays.fill(result, 0);
        for (int part = 0; part < parts(); part++) {
            double count = count(part);
            int at = part * result.length;
            for (int channel = 0; channel < result.length; channel++) {
                double distance = firstSums[at + channel] - center[channel];
                result[channel] += secondSums[at + channel] + count * distance * distance;
            }
        }
    }
}
