package org.bame.method;

import java.util.List;
import java.util.Map;

/**
 * A part of a method's run in which its steps cost alike, and a run made so that it is in this part from its first timed step
 * to its last: how benchmarks bring a trainer there. Nothing is skipped or simulated: the run only has other lengths than a
 * real one.
 *
 * @param name for example {@code ramp}
 * @param summary what its steps do, in a few words
 * @param options keys of the method's configuration and their values, over the defaults
 * @param totalSteps of the run, as the method is told
 * @param stepsPerEpoch of the run, as the method is told
 */
public record MethodPhase(
        String name, String summary, Map<String, Object> options, long totalSteps, int stepsPerEpoch) {
    /** Name of the phase of methods that have but one, or of the last one. */
    public static final String STEADY = "steady";

    /** Takes an unmodifiable copy. */
    public MethodPhase {
        options = Map.copyOf(options);
    }

    /** The one phase of a method that does the same at every step. */
    public static List<MethodPhase> steady(int steps) {
        return List.of(new MethodPhase(STEADY, "every step does the same", Map.of(), steps, steps));
    }
}
