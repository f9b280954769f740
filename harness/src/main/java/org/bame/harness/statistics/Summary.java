package org.bame.harness.statistics;

import org.apache.commons.math3.stat.descriptive.moment.Mean;
import org.apache.commons.math3.stat.descriptive.moment.Variance;

/**
 * Several measurements of one thing, such as a run's accuracy with several seeds.
 *
 * @param count number of measurements
 * @param mean of them
 * @param standardDeviation of what they are drawn from, estimated with {@code count - 1} degrees of freedom; NaN for one
 *        measurement, which has none
 */
public record Summary(int count, double mean, double standardDeviation) {

    /**
     * Sums up at least one measurement.
     *
     * @throws IllegalArgumentException without any
     */
    public static Summary of(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("Got no values, expected at least 1: leave out what was not measured");
        }
        double mean = new Mean().evaluate(values);
        double deviation = values.length == 1 ? Double.NaN : Math.sqrt(new Variance().evaluate(values, mean));
        return new Summary(values.length, mean, deviation);
    }

    /** Variance of the mean, {@code s^2 / n}. */
    double squaredStandardError() {
        return standardDeviation * standardDeviation / count;
    }
}
