package org.bame.baselines.maxq;

import java.util.List;
import java.util.Map;
import org.bame.method.MethodPhase;

/** MaxQ in its ramp and behind it, as runs of their own. */
final class MaxQPhases {
    /** The dense share falls once an epoch. */
    private static final int RAMP_EPOCHS = 10;

    private MaxQPhases() {}

    static List<MethodPhase> of(int untimedSteps, int timedSteps) {
        int all = untimedSteps + timedSteps;
        return List.of(
                ramp(untimedSteps, timedSteps),
                new MethodPhase(
                        MethodPhase.STEADY,
                        "behind the ramp: every block is N:M",
                        Map.of("decayStart", 0.0, "decayEnd", 0.0),
                        all,
                        all));
    }

    /** The mean of the timed steps is that of a whole ramp, of at least {@link #RAMP_EPOCHS} epochs where they are as many. */
    private static MethodPhase ramp(int untimedSteps, int timedSteps) {
        int perEpoch = Math.max(1, timedSteps / RAMP_EPOCHS);
        // Epochs that begin with the first timed step.
        while (untimedSteps % perEpoch != 0 || timedSteps % perEpoch != 0) {
            perEpoch--;
        }
        long ramp = untimedSteps + timedSteps;
        // One epoch more, behind the timed steps: a run must end without dense blocks.
        long total = ramp + perEpoch;
        return new MethodPhase(
                "ramp",
                "the dense share falls from 1 to 0 over the timed steps",
                Map.of("decayStart", (double) untimedSteps / total, "decayEnd", (double) ramp / total),
                total,
                perEpoch);
    }
}
