package org.bame.baselines.rigl;

import java.util.List;
import org.bame.baselines.dynamic.DropAndGrow;
import org.bame.baselines.dynamic.DynamicCosts;
import org.bame.baselines.dynamic.DynamicLayer;
import org.bame.baselines.dynamic.Growth;
import org.bame.baselines.dynamic.UpdatePhases;
import org.bame.baselines.dynamic.UpdateSchedule;
import org.bame.flops.CostModel;
import org.bame.method.LayerwiseMethod;
import org.bame.method.MaskTracker;
import org.bame.method.MethodContext;
import org.bame.method.MethodFactory;
import org.bame.method.MethodPhase;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.UnstructuredPattern;

/**
 * RigL and SET: a random sparse network whose smallest weights give way to those of largest gradient (RigL) or to random ones
 * (SET, here on RigL's schedule; the original exchanges a constant share once an epoch).
 */
public final class RiglMethodFactory implements MethodFactory<RiglConfiguration> {
    private final Growth growth;

    /** RigL or SET, by what grows. */
    public RiglMethodFactory(Growth growth) {
        this.growth = growth;
    }

    @Override
    public String name() {
        return switch (growth) {
            case GRADIENT -> "rigl";
            case RANDOM -> "set";
        };
    }

    @Override
    public String summary() {
        return "Unstructured sparse training that drops the smallest weights and grows "
                + switch (growth) {
                    case GRADIENT -> "the largest gradients";
                    case RANDOM -> "random ones: no dense gradients";
                };
    }

    @Override
    public String reference() {
        return switch (growth) {
            case GRADIENT ->
                "Evci et al., Rigging the Lottery: Making All Tickets Winners, ICML 2020, arXiv 1911.11134";
            case RANDOM -> "Mocanu et al., Scalable Training of Artificial Neural Networks with Adaptive Sparse"
                    + " Connectivity, Nature Communications 2018, arXiv 1707.04780";
        };
    }

    @Override
    public RiglConfiguration defaults() {
        return RiglConfiguration.defaults();
    }

    @Override
    public boolean supports(SparsityPattern pattern) {
        return pattern instanceof UnstructuredPattern;
    }

    @Override
    public String alternative(SparsityPattern pattern) {
        return pattern instanceof NmPattern ? NmRiglMethodFactory.FOR_NM_PATTERNS : "";
    }

    @Override
    public List<String> problems(RiglConfiguration c, MethodContext context) {
        return UpdateSchedule.problems(c.interval(), c.alpha(), c.endFraction(), context);
    }

    @Override
    public TrainingMethod create(RiglConfiguration configuration, MethodContext context) {
        UpdateSchedule schedule = schedule(configuration, context);
        DropAndGrow dropAndGrow = new DropAndGrow();
        return new LayerwiseMethod<>(
                name(),
                context + ", " + configuration,
                (index, layer) -> new DynamicLayer(
                        layer,
                        new UnstructuredTopology(layer, dropAndGrow, growth, context.seed(), index),
                        schedule,
                        new MaskTracker(layer.shape(), layer.pattern())));
    }

    @Override
    public CostModel costs(RiglConfiguration configuration, MethodContext context) {
        return new DynamicCosts(schedule(configuration, context), context.pattern(), growth == Growth.GRADIENT);
    }

    private static UpdateSchedule schedule(RiglConfiguration c, MethodContext context) {
        return UpdateSchedule.of(c.interval(), c.alpha(), c.endFraction(), context);
    }

    @Override
    public List<MethodPhase> phases(int untimedSteps, int timedSteps) {
        return UpdatePhases.of(untimedSteps + timedSteps, updateInterval());
    }

    @Override
    public int updateInterval() {
        return RiglConfiguration.defaults().interval();
    }
}
