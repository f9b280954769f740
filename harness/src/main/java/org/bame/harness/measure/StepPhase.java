package org.bame.harness.measure;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.bame.method.bame.BameConfiguration;

/**
 * A part of a method's run in which its steps cost alike, and a run made so that it is in this part from its first timed step
 * to its last. Nothing is skipped or simulated: the run only has other lengths than a real one.
 *
 * @param name column {@code phase}
 * @param options over the method's defaults
 * @param totalSteps of the run, as the method is told
 * @param stepsPerEpoch of the run, as the method is told
 */
record StepPhase(String name, ObjectNode options, long totalSteps, int stepsPerEpoch) {

    private static final String STEADY = "steady";
    /** Initial phase A is a third of a run by default: a run four times as long as the measurement stays in it. */
    private static final int STAYS_INITIAL = 4;
    /** MaxQ's dense share falls once an epoch. */
    private static final int RAMP_EPOCHS = 10;

    /**
     * Timed steps must be a multiple of this, so that mask updates weigh what they weigh in a run.
     *
     * @return 1 for methods that do the same at every step
     */
    static int interval(String method) {
        return method.equals("bame") ? BameConfiguration.defaults().interval() : 1;
    }

    /**
     * The phases of a method; one phase {@code steady} with its default options if it has no others.
     *
     * @param warmUpSteps untimed steps
     * @param steps timed steps behind them
     */
    static List<StepPhase> of(String method, int warmUpSteps, int steps) {
        int all = warmUpSteps + steps;
        return switch (method) {
            case "bame" -> List.of(
                    new StepPhase("initial", none(), (long) STAYS_INITIAL * all, all),
                    new StepPhase("adapting", adapting(), all, all),
                    // The mask of step 0 stays, as that of t_f does.
                    new StepPhase(
                            "frozen",
                            none().put("initFraction", 0.0).put("finalFraction", 0.0).put("adaptation", false),
                            all,
                            all));
            case "maxq" -> List.of(
                    ramp(warmUpSteps, steps),
                    new StepPhase(STEADY, none().put("decayStart", 0.0).put("decayEnd", 0.0), all, all));
            default -> List.of(new StepPhase(STEADY, none(), all, all));
        };
    }

    /**
     * Phase B is the whole run. The few adaptations that are timed would find the budget of the schedule's end, hardly
     * any; each has the schedule's mean instead, which of a half cosine is half of what it begins with.
     */
    private static ObjectNode adapting() {
        return none().put("initFraction", 0.0)
                .put("finalFraction", 1.0)
                .put("budget", BameConfiguration.Budget.CONSTANT.name())
                .put("rho0", BameConfiguration.defaults().rho0() / 2);
    }

    /** The dense share falls from 1 to 0 over the timed steps: their mean is that of a whole ramp. */
    private static StepPhase ramp(int warmUpSteps, int steps) {
        int perEpoch = Math.max(1, steps / RAMP_EPOCHS);
        long before = Math.ceilDiv(warmUpSteps, perEpoch) * (long) perEpoch;
        long total = before + steps;
        return new StepPhase(
                "ramp", none().put("decayStart", (double) before / total).put("decayEnd", 1.0), total, perEpoch);
    }

    private static ObjectNode none() {
        return JsonNodeFactory.instance.objectNode();
    }
}
