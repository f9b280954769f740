package org.bame.baselines.dense2sparse;

import java.util.List;
import java.util.Map;
import org.bame.method.MethodPhase;

/** Gradual pruning before, during and behind its schedule, as runs of their own. */
final class GradualPruningPhases {
    /** It is dense for a third of a run by default: a run four times as long as the measurement stays so. */
    private static final int STAYS_DENSE = 4;
    /** Else the few updates of the usual interval would not show how density falls. */
    private static final int TIMED_UPDATES = 10;

    private GradualPruningPhases() {}

    static List<MethodPhase> of(int untimedSteps, int timedSteps) {
        int all = untimedSteps + timedSteps;
        return List.of(
                new MethodPhase(
                        "dense", "before the first update: every product dense", Map.of(), (long) STAYS_DENSE * all, all),
                new MethodPhase(
                        "pruning",
                        "density falls over the timed steps, with ten mask updates (more often than in a real run)",
                        Map.of(
                                "startFraction", (double) untimedSteps / all,
                                "endFraction", 1.0,
                                "interval", Math.max(1, timedSteps / TIMED_UPDATES)),
                        all,
                        all),
                new MethodPhase(
                        MethodPhase.STEADY,
                        "behind the last update: masks fixed, all three products sparse",
                        Map.of("startFraction", 0.0, "endFraction", 0.0),
                        all,
                        all));
    }
}
