package org.bame.harness.compare;

import java.util.Optional;
import org.bame.harness.statistics.Goal;
import org.bame.harness.statistics.Interval;
import org.bame.harness.statistics.Verdict;

/**
 * One measure of one thing, old and new.
 *
 * @param kind of file
 * @param subject what was measured
 * @param measure which column
 * @param count pairs that were compared, or values of the smaller side where they do not make pairs
 * @param from mean of the old
 * @param to mean of the new
 * @param change in points or percent
 * @param interval of the change; empty where the measurements do not give one
 * @param verdict on the new one
 * @param reason for it where it is not the interval alone; may be empty
 */
public record Comparison(
        ResultsKind kind,
        String subject,
        Measure measure,
        int count,
        double from,
        double to,
        double change,
        Optional<Interval> interval,
        Verdict verdict,
        String reason) {

    /**
     * Judges a change.
     *
     * @param withheld why there is no verdict whatever the numbers say; empty if there is one
     */
    static Comparison of(
            ResultsKind kind, String subject, Measure measure, Change change, Tolerances tolerances, String withheld) {
        Scale scale = measure.scale();
        double tolerance = scale.tolerance(tolerances);
        Verdict verdict = withheld.isEmpty()
                ? change.interval().map(interval -> judge(interval, tolerance, measure)).orElse(Verdict.INCONCLUSIVE)
                : Verdict.INCONCLUSIVE;
        return new Comparison(
                kind,
                subject,
                measure,
                change.count(),
                scale.back(change.from()),
                scale.back(change.to()),
                scale.shown(change.to() - change.from()),
                change.interval().map(interval -> interval.map(scale::shown)),
                verdict,
                withheld.isEmpty() ? change.reason() : withheld);
    }

    /** Without noise nothing is left open about what must not change. */
    private static Verdict judge(Interval interval, double tolerance, Measure measure) {
        Verdict verdict = Verdict.of(interval, tolerance, measure.goal());
        return measure.scale() == Scale.COST && measure.goal() == Goal.UNCHANGED && verdict != Verdict.EQUAL
                ? Verdict.WORSE
                : verdict;
    }

    /**
     * The same, but better or worse only where another comparison is it, too. Of a ratio of two of our own times that is the
     * time that it is about: else what it was divided by has changed.
     *
     * @param other the other comparison's verdict
     * @param remark the reason for being inconclusive
     */
    Comparison onlyWith(Verdict other, String remark) {
        boolean backed = verdict == other || verdict == Verdict.EQUAL || verdict == Verdict.INCONCLUSIVE;
        return backed
                ? this
                : new Comparison(
                        kind, subject, measure, count, from, to, change, interval, Verdict.INCONCLUSIVE, remark);
    }
}
