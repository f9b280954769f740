package org.bame.harness.measure;

import java.util.Arrays;

/**
 * Repeated measurements of one thing.
 *
 * @param medianNanos half of them took at most this long
 * @param p10Nanos a tenth of them did
 * @param p90Nanos nine tenths of them did
 */
public record Spread(double medianNanos, double p10Nanos, double p90Nanos) {

    private static final double MEDIAN = 0.5;
    private static final double LOW = 0.1;
    private static final double HIGH = 0.9;

    /** The spread of at least one time. */
    public static Spread of(long[] nanos) {
        if (nanos.length == 0) {
            throw new IllegalArgumentException("Got no times, expected at least 1: measure at least one round");
        }
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Spread(quantile(sorted, MEDIAN), quantile(sorted, LOW), quantile(sorted, HIGH));
    }

    /** Interpolates linearly between the two nearest ranks. */
    private static double quantile(long[] sorted, double share) {
        double rank = share * (sorted.length - 1);
        int below = (int) rank;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
    }
}
