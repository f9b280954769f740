package org.bame.baselines.step;

import java.util.List;
import java.util.Map;
import org.bame.method.MethodPhase;

/** STEP's two phases as runs of their own. */
final class StepPhases {
    private StepPhases() {}

    static List<MethodPhase> of(int untimedSteps, int timedSteps) {
        int all = untimedSteps + timedSteps;
        return List.of(
                new MethodPhase(
                        "dense",
                        "phase 1: dense AdamW, its second moments watched",
                        Map.of("minFraction", 0.5, "maxFraction", 0.5),
                        2L * all,
                        2 * all),
                new MethodPhase(
                        MethodPhase.STEADY,
                        "phase 2: masks at every step, second moments frozen",
                        Map.of("minFraction", 0.0, "maxFraction", 0.0),
                        all,
                        all));
    }
}
