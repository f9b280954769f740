package org.bame.baselines.dynamic;

import java.util.ArrayList;
import java.util.List;
import org.bame.flops.CostModel;
import org.bame.method.LayerwiseMethod;
import org.bame.method.MaskTracker;
import org.bame.method.MaskedLayer;
import org.bame.method.MethodContext;
import org.bame.method.MethodFactory;
import org.bame.method.MethodPhase;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.SparsityPattern;

/**
 * What the factories of dynamic methods have in common: a schedule of updates, and a {@link DynamicLayer} for every layer,
 * whose {@link Topology} is the method's own.
 *
 * @param <C> the method's configuration
 */
public abstract class DynamicMethodFactory<C extends Record & DynamicConfiguration> implements MethodFactory<C> {
    /** Which weights the layers of a run exchange. */
    @FunctionalInterface
    protected interface Topologies {
        /**
         * One layer's.
         *
         * @param index of the layer among those of the method
         */
        Topology of(int index, MaskedLayer layer);
    }

    /** The topologies of a run; what its layers may share is made once. */
    protected abstract Topologies topologies(C configuration, MethodContext context);

    /** Whether updates need the dense weight gradient. */
    protected abstract boolean updatesByGradient(C configuration);

    @Override
    public String alternative(SparsityPattern pattern) {
        return pattern instanceof NmPattern ? "In N:M blocks nm-rigl drops and grows." : "";
    }

    /** Those of the schedule; methods add those of their own keys. */
    @Override
    public List<String> problems(C configuration, MethodContext context) {
        return new ArrayList<>(UpdateSchedule.problems(
                configuration.interval(), configuration.alpha(), configuration.endFraction(), context));
    }

    @Override
    public final TrainingMethod create(C configuration, MethodContext context) {
        UpdateSchedule schedule = schedule(configuration, context);
        Topologies topologies = topologies(configuration, context);
        return new LayerwiseMethod<>(
                name(),
                context + ", " + configuration,
                (index, layer) -> new DynamicLayer(
                        layer,
                        topologies.of(index, layer),
                        schedule,
                        new MaskTracker(layer.shape(), layer.pattern())));
    }

    @Override
    public final CostModel costs(C configuration, MethodContext context) {
        return new DynamicCosts(
                schedule(configuration, context), context.pattern(), updatesByGradient(configuration));
    }

    private UpdateSchedule schedule(C configuration, MethodContext context) {
        return UpdateSchedule.of(
                configuration.interval(), configuration.alpha(), configuration.endFraction(), context);
    }

    @Override
    public final List<MethodPhase> phases(int untimedSteps, int timedSteps) {
        return UpdatePhases.of(untimedSteps + timedSteps, updateInterval());
    }

    @Override
    public final int updateInterval() {
        return defaults().interval();
    }
}
