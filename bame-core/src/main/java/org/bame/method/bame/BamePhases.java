package org.bame.method.bame;

import java.util.List;
import java.util.Map;
import org.bame.method.MethodPhase;

/** BAME's phases A, B and C as runs of their own. */
final class BamePhases {
    /** Phase A is a third of a run by default: a run four times as long as the measurement stays in it. */
    private static final int STAYS_INITIAL = 4;

    private BamePhases() {}

    static List<MethodPhase> of(int steps) {
        BameConfiguration defaults = BameConfiguration.defaults();
        return List.of(
                new MethodPhase(
                        "initial", "phase A: SR-STE on a dense store", Map.of(), (long) STAYS_INITIAL * steps, steps),
                // The few adaptations that are timed would find the budget of the schedule's end, hardly any; each has the
                // schedule's mean instead, which of a half cosine is half of what it begins with.
                new MethodPhase(
                        "adapting",
                        "phase B: all three products sparse, masks updated every " + defaults.interval()
                                + " steps, by the mean budget",
                        Map.of(
                                "initFraction", 0.0,
                                "finalFraction", 1.0,
                                "budget", BameConfiguration.Budget.CONSTANT,
                                "rho0", defaults.rho0() / 2),
                        steps,
                        steps),
                // The mask of step 0 stays, as that of t_f does.
                new MethodPhase(
                        "frozen",
                        "phase C: all three products sparse, masks fixed",
                        Map.of("initFraction", 0.0, "finalFraction", 0.0, "adaptation", false),
                        steps,
                        steps));
    }
}
