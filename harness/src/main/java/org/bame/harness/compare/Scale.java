package org.bame.harness.compare;

/** How a quantity's changes are measured. */
public enum Scale {
    /** Shares, by their difference in percentage points. */
    POINTS,
    /** Times, speeds and losses, by their ratio: the mean is geometric. */
    PERCENT,
    /** What arithmetic or counting gives, without noise; by the ratio. */
    COST;

    private static final double HUNDRED = 100;

    /** The quantity, such that changes are differences. */
    double forward(double value) {
        return this == POINTS ? value : Math.log(value);
    }

    /** Undoes {@link #forward}. */
    double back(double value) {
        return this == POINTS ? value : Math.exp(value);
    }

    /** A difference of {@link #forward} values in points or percent. */
    double shown(double difference) {
        return this == POINTS ? HUNDRED * difference : HUNDRED * Math.expm1(difference);
    }

    /** The largest difference of {@link #forward} values that means nothing. */
    double tolerance(Tolerances tolerances) {
        return switch (this) {
            case POINTS -> tolerances.points() / HUNDRED;
            case PERCENT -> Math.log1p(tolerances.percent() / HUNDRED);
            case COST -> Math.log1p(Tolerances.COST_PERCENT / HUNDRED);
        };
    }

    /** What changes are told in. */
    public String unit() {
        return this == POINTS ? "points" : "%";
    }
}
