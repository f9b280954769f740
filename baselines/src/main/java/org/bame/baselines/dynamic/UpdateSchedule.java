package org.bame.baselines.dynamic;

import java.util.ArrayList;
import java.util.List;
import org.bame.method.MethodContext;

/**
 * When masks change, and how much: each {@code interval} steps until {@code end}, by a share that falls as half a cosine
 * (Evci et al., Rigging the Lottery, ICML 2020, arXiv 1911.11134).
 *
 * @param interval dT: steps from one update to the next; the first comes after as many steps
 * @param end T_end: masks are fixed from this step on; 0: always
 * @param alpha share at the start
 */
record UpdateSchedule(int interval, long end, double alpha) {
    /**
     * The schedule of a run; one of a dense run never updates.
     *
     * @param endFraction T_end as a fraction of the run, rounded to the nearest step
     */
    static UpdateSchedule of(int interval, double alpha, double endFraction, MethodContext context) {
        boolean dense = context.pattern().density() == 1;
        return new UpdateSchedule(interval, dense ? 0 : Math.round(endFraction * context.totalSteps()), alpha);
    }

    /** Whether the mask changes at a step. */
    boolean updatesAt(long step) {
        return step > 0 && step < end && step % interval == 0;
    }

    /** Share {@code alpha / 2 (1 + cos(pi step / end))} that an update at a step exchanges. */
    double share(long step) {
        return alpha / 2 * (1 + Math.cos(Math.PI * step / end));
    }

    /** Problems of the three keys, as {@link org.bame.method.MethodFactory#problems} reports them. */
    static List<String> problems(int interval, double alpha, double endFraction, MethodContext context) {
        List<String> problems = new ArrayList<>();
        if (interval < 1) {
            problems.add("interval is " + interval + ", expected at least 1 step");
        }
        if (!(alpha > 0 && alpha <= 1)) {
            problems.add("alpha is " + alpha + ", expected above 0, at most 1");
        }
        if (!(endFraction >= 0 && endFraction <= 1)) {
            problems.add("endFraction is " + endFraction + ", expected 0 (the first mask stays) to 1");
        }
        if (problems.isEmpty()) {
            long end = of(interval, alpha, endFraction, context).end();
            if (end > 0 && interval >= end) {
                problems.add("interval is " + interval + " steps, but masks change only before step " + end
                        + " (endFraction), so they never would; lower interval, train longer than "
                        + context.totalSteps() + " steps, or say endFraction = 0");
            }
        }
        return problems;
    }
}
