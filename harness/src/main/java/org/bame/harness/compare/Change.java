package org.bame.harness.compare;

import java.util.Arrays;
import java.util.Optional;
import org.bame.harness.statistics.Bootstrap;
import org.bame.harness.statistics.Interval;
import org.bame.harness.statistics.Summary;

/**
 * How far something new is from something old, on a scale where changes are differences.
 *
 * @param from mean of the old
 * @param to mean of the new
 * @param interval of {@code to - from}; empty where the measurements do not give one
 * @param count pairs that were compared, or values of the smaller side where they do not make pairs
 * @param reason for what is unusual, in a few words; empty for nothing
 */
record Change(double from, double to, Optional<Interval> interval, int count, String reason) {

    /**
     * Of values that belong together in pairs, such as runs of one seed.
     *
     * @param same whether each pair is one and the same measurement done again; a single pair of these that agrees to the
     *        last digit is equal, where one of different things may agree by chance
     */
    static Change ofPairs(double[] from, double[] to, boolean same) {
        double[] differences = differences(from, to);
        double before = Summary.of(from).mean();
        double after = Summary.of(to).mean();
        if (same && Arrays.stream(differences).allMatch(difference -> difference == 0)) {
            return new Change(before, after, Optional.of(new Interval(0, 0)), from.length, "identical");
        }
        return from.length == 1
                ? new Change(before, after, Optional.empty(), 1, "1 seed")
                : new Change(before, after, Optional.of(Bootstrap.STANDARD.ofMean(differences)), from.length, "");
    }

    /** Of values that do not make pairs. */
    static Change ofSamples(double[] from, double[] to, String reason) {
        int count = Math.min(from.length, to.length);
        Optional<Interval> interval =
                count < 2 ? Optional.empty() : Optional.of(Bootstrap.STANDARD.ofDifference(from, to));
        return new Change(Summary.of(from).mean(), Summary.of(to).mean(), interval, count, reason);
    }

    /** Of values without noise, in pairs: the interval is the range. */
    static Change ofExact(double[] from, double[] to) {
        double[] differences = differences(from, to);
        Interval range = new Interval(
                Arrays.stream(differences).min().orElseThrow(), Arrays.stream(differences).max().orElseThrow());
        return new Change(Summary.of(from).mean(), Summary.of(to).mean(), Optional.of(range), from.length, "");
    }

    /** Of two values whose difference is known to so much to either side; NaN if that is not known. */
    static Change ofNoisy(double from, double to, double halfWidth, String reason) {
        Optional<Interval> interval =
                Double.isNaN(halfWidth) ? Optional.empty() : Optional.of(Interval.around(to - from, halfWidth));
        return new Change(from, to, interval, 1, reason);
    }

    private static double[] differences(double[] from, double[] to) {
        double[] differences = new double[from.length];
        Arrays.setAll(differences, i -> to[i] - from[i]);
        return differences;
    }
}
