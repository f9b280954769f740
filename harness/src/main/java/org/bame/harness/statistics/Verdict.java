package org.bame.harness.statistics;

import java.util.Locale;

/** What a comparison of something new with something old comes to. */
public enum Verdict {
    /** The new one is better by more than the tolerance. */
    BETTER,
    /** The new one is worse by more than the tolerance. */
    WORSE,
    /** They differ by no more than the tolerance. */
    EQUAL,
    /** The measurements do not tell. */
    INCONCLUSIVE;

    /**
     * Judges by where the interval of the change lies (the rule of Kruschke 2018, "Rejecting or Accepting Parameter Values in
     * Bayesian Estimation", with a confidence interval): wholly within the tolerance is equal, wholly outside on one side is
     * better or worse, and across an end is inconclusive.
     *
     * @param change of new less old
     * @param tolerance the largest change that means nothing, at least 0
     * @param goal which way is better
     */
    public static Verdict of(Interval change, double tolerance, Goal goal) {
        if (change.isWithin(Interval.around(0, tolerance))) {
            return EQUAL;
        }
        boolean rose = change.low() > tolerance;
        boolean fell = change.high() < -tolerance;
        if (!rose && !fell) {
            return INCONCLUSIVE;
        }
        return switch (goal) {
            case HIGHER -> rose ? BETTER : WORSE;
            case LOWER -> fell ? BETTER : WORSE;
            case UNCHANGED -> WORSE;
        };
    }

    /** The word in tables and CSV files. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
