package org.bame.harness.statistics;

import java.util.function.DoubleUnaryOperator;

/**
 * Where a value lies, as far as the measurements tell.
 *
 * @param low lower end
 * @param high upper end, not below the lower one
 */
public record Interval(double low, double high) {

    /** Refuses ends in the wrong order, and ends that are no numbers. */
    public Interval {
        if (!(low <= high)) {
            throw new IllegalArgumentException("Got an interval from " + low + " to " + high
                    + ", expected two numbers of which the first is not above the second");
        }
    }

    /** The interval of so much to either side of a value. */
    public static Interval around(double value, double halfWidth) {
        return new Interval(value - halfWidth, value + halfWidth);
    }

    /** Whether the value lies between the ends, or on one. */
    public boolean contains(double value) {
        return low <= value && value <= high;
    }

    /** Whether all of this interval lies in another. */
    public boolean isWithin(Interval other) {
        return other.low <= low && high <= other.high;
    }

    /** The same statement about a function of the value, which must rise with it. */
    public Interval map(DoubleUnaryOperator rising) {
        return new Interval(rising.applyAsDouble(low), rising.applyAsDouble(high));
    }
}
