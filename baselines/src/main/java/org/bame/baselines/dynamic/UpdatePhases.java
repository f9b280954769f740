package org.bame.baselines.dynamic;

import java.util.List;
import java.util.Map;
import org.bame.method.MethodPhase;

/** The parts of a run with mask updates as runs of their own; the methods' key for T_end is {@code endFraction}. */
final class UpdatePhases {
    private UpdatePhases() {}

    /**
     * Both phases.
     *
     * @param steps of each run
     * @param interval steps from one update to the next
     */
    static List<MethodPhase> of(int steps, int interval) {
        return List.of(
                new MethodPhase(
                        "updating",
                        "all three products sparse, masks updated every " + interval + " steps",
                        Map.of("endFraction", 1.0),
                        steps,
                        steps),
                new MethodPhase(
                        "fixed",
                        "all three products sparse, masks as they are from T_end on",
                        Map.of("endFraction", 0.0),
                        steps,
                        steps));
    }
}
