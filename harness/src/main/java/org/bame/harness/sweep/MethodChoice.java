package org.bame.harness.sweep;

import java.util.List;
import org.bame.flops.CostModel;
import org.bame.method.MethodContext;
import org.bame.method.MethodFactory;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.NmPattern;

/**
 * A method with its configuration.
 *
 * @param <C> the configuration's type
 * @param factory the method
 * @param variant tells apart several configurations of one method in a sweep; empty if there is one
 * @param options the whole configuration
 */
public record MethodChoice<C extends Record>(MethodFactory<C> factory, String variant, C options) {

    private static final MethodContext PROBE = new MethodContext(new NmPattern(1, 4), 1_000, 100, 0.9, 1);

    /** Name in the column {@code method}. */
    public String label() {
        return variant.isEmpty() ? factory.name() : factory.name() + "/" + variant;
    }

    /** Whether the method leaves its network dense whatever the pattern, and so has no use for one. */
    public boolean ignoresPattern() {
        return factory.costs(options, PROBE).denseThroughout(PROBE.totalSteps());
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
    public CostModel costs(MethodContext context) {
        return factory.costs(options, context);
    }
}
