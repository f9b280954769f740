package org.bame.harness.statistics;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * Bootstrap percentile intervals of means (Efron and Tibshirani 1993, chapter 13) with two corrections, without which they
 * are far too narrow for the three or five seeds of a sweep (Hesterberg 2015, "What Teachers Should Know About the
 * Bootstrap", section on percentile intervals): deviations from the mean are resampled {@code sqrt(n / (n - 1))} times as
 * large, so that the resamples have the unbiased variance, and both ends are moved away from the mean by the ratio of
 * Student's to the normal quantile, with Welch's degrees of freedom where two samples differ in spread.
 *
 * <p>Drawn from a seed of its own: the same values have the same interval, always.
 *
 * @param confidence share of the intervals that are to contain the true mean, above 0 and below 1
 * @param resamples number of them; with {@code resamples + 1} a multiple of {@code 2 / (1 - confidence)} the ends are
 *        order statistics
 * @param seed of the drawing
 */
public record Bootstrap(double confidence, int resamples, long seed) {

    /** What comparisons and reports use: 95 %. */
    public static final Bootstrap STANDARD = new Bootstrap(0.95, 9_999, 20_150_101L);

    /** Refuses what gives no interval. */
    public Bootstrap {
        if (!(confidence > 0 && confidence < 1) || Math.round((resamples + 1) * (1 - confidence) / 2) < 1) {
            throw new IllegalArgumentException("Got " + resamples + " resamples for confidence " + confidence
                    + ", expected a confidence between 0 and 1 and at least 2 / (1 - confidence) resamples");
        }
    }

    /**
     * Interval of the mean; of paired differences it is the interval of the difference.
     *
     * @param values at least 2
     * @throws IllegalArgumentException with fewer
     */
    public Interval ofMean(double[] values) {
        Sample sample = new Sample(values);
        return interval(sample.summary.mean(), sample.summary.count() - 1, sample::resampledMean);
    }

    /**
     * Interval of the mean of {@code to} less the mean of {@code from}, two samples whose values do not belong together in
     * pairs.
     *
     * @param from at least 2
     * @param to at least 2
     * @throws IllegalArgumentException with fewer
     */
    public Interval ofDifference(double[] from, double[] to) {
        Sample before = new Sample(from);
        Sample after = new Sample(to);
        return interval(
                after.summary.mean() - before.summary.mean(),
                degreesOfFreedom(before.summary, after.summary),
                random -> after.resampledMean(random) - before.resampledMean(random));
    }

    private Interval interval(
            double estimate, double degreesOfFreedom, ToDoubleFunction<SplittableRandom> resampledEstimate) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] resampled = new double[resamples];
        for (int i = 0; i < resamples; i++) {
            resampled[i] = resampledEstimate.applyAsDouble(random);
        }
        Arrays.sort(resampled);
        int rank = (int) Math.round((resamples + 1) * (1 - confidence) / 2);
        double upperShare = (1 + confidence) / 2;
        double widening = new TDistribution(null, degreesOfFreedom).inverseCumulativeProbability(upperShare)
                / new NormalDistribution(null, 0, 1).inverseCumulativeProbability(upperShare);
        // The estimate lies between the percentiles, but for rounding where all values are one.
        double below = Math.max(0, estimate - resampled[rank - 1]);
        double above = Math.max(0, resampled[resamples - rank] - estimate);
        return new Interval(estimate - widening * below, estimate + widening * above);
    }

    /** Welch's and Satterthwaite's; the smaller sample's own where neither varies. */
    private static double degreesOfFreedom(Summary first, Summary second) {
        double a = first.squaredStandardError();
        double b = second.squaredStandardError();
        return a + b == 0
                ? Math.min(first.count(), second.count()) - 1
                : (a + b) * (a + b) / (a * a / (first.count() - 1) + b * b / (second.count() - 1));
    }

    /** Values to draw from, with replacement. */
    private static final class Sample {

        private final Summary summary;
        /** Deviations from the mean, inflated to the unbiased variance. */
        private final double[] deviations;

        Sample(double[] values) {
            if (values.length < 2) {
                throw new IllegalArgumentException("Got " + values.length
                        + " values, expected at least 2: a single one does not tell how far it may be off");
            }
            summary = Summary.of(values);
            double inflation = Math.sqrt(values.length / (values.length - 1.0));
            deviations = Arrays.stream(values).map(value -> inflation * (value - summary.mean())).toArray();
        }

        double resampledMean(SplittableRandom random) {
            double sum = 0;
            for (int i = 0; i < deviations.length; i++) {
                sum += deviations[random.nextInt(deviations.length)];
            }
            return summary.mean() + sum / deviations.length;
        }
    }
}
