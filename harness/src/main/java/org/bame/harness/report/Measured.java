package org.bame.harness.report;

import java.util.Arrays;
import java.util.Optional;
import org.bame.harness.statistics.Bootstrap;
import org.bame.harness.statistics.Interval;
import org.bame.harness.statistics.Summary;

/**
 * The mean of a quantity over seeds.
 *
 * @param mean NaN if it was never measured
 * @param interval of the mean; empty for fewer than two seeds, which tell none
 * @param count number of seeds
 */
record Measured(double mean, Optional<Interval> interval, int count) {

    /** Of what was measured: NaN was not. */
    static Measured of(double[] values) {
        double[] measured = Arrays.stream(values).filter(value -> !Double.isNaN(value)).toArray();
        if (measured.length == 0) {
            return new Measured(Double.NaN, Optional.empty(), 0);
        }
        Optional<Interval> interval =
                measured.length == 1 ? Optional.empty() : Optional.of(Bootstrap.STANDARD.ofMean(measured));
        return new Measured(Summary.of(measured).mean(), interval, measured.length);
    }

    /** The mean with so many digits, and the interval if there is one. */
    String text(int digits) {
        return NumberText.fixed(mean, digits)
                + interval.map(ends -> " [" + NumberText.fixed(ends.low(), digits) + ", "
                        + NumberText.fixed(ends.high(), digits) + "]").orElse("");
    }
}
