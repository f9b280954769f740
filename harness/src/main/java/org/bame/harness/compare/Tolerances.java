package org.bame.harness.compare;

/**
 * The largest changes that mean nothing.
 *
 * @param points of accuracy, in percentage points
 * @param percent of times, speeds and losses
 */
public record Tolerances(double points, double percent) {

    /**
     * Of costs, in percent: arithmetic gives the same digits again, but rounding on other processors changes which weights a
     * mask keeps, and that moves the costs of a method with unequal layers in the fifth digit.
     */
    static final double COST_PERCENT = 0.1;

    /** Refuses what is no tolerance. */
    public Tolerances {
        if (!(points >= 0 && percent >= 0) || Double.isInfinite(points) || Double.isInfinite(percent)) {
            throw new IllegalArgumentException(
                    "Got tolerances of " + points + " points and " + percent + " %, expected numbers of at least 0");
        }
    }
}
