package org.bame.harness.sweep;

import java.util.List;
import org.bame.flops.LayerCosts;
import org.bame.harness.config.PatternSupport;
import org.bame.method.MethodContext;
import org.bame.method.MethodFactory;
import org.bame.method.TrainingMethod;

/**
 * A method with its configuration.
 *
 * @param <C> the configuration's type
 * @param factory the method
 * @param variant tells apart several configurations of one method in a sweep; empty if there is one
 * @param options the whole configuration
 */
public record MethodChoice<C extends Record>(MethodFactory<C> factory, String variant, C options) {

    /** Name in the column {@code method}. */
    public String label() {
        return variant.isEmpty() ? factory.name() : factory.name() + "/" + variant;
    }

    /** Whether the method leaves its network dense whatever the pattern, and so has no use for one. */
    public boolean ignoresPattern() {
        return PatternSupport.examples(factory).stream()
                .map(pattern -> new MethodContext(pattern, 1_000, 100, 0.9, 1))
                .allMatch(probe -> factory.costs(options, probe).denseThroughout(probe.totalSteps()));
    }

    /** Times that a run goes through its recipe's epochs. */
    public int cycles() {
        return factory.cycles(options);
    }

    /** Problems of the configuration in a run. */
    public List<String> problems(MethodContext context) {
        return factory.problems(options, context);
    }

    /** Makes the method for a run. */
    public TrainingMethod create(MethodContext context) {
        return factory.create(options, context);
    }

    /** Its costs in a run. */
    public LayerCosts costs(MethodContext context) {
        return pattern -> factory.costs(options, context.withPattern(pattern));
    }
}
