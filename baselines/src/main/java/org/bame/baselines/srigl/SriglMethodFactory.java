package org.bame.baselines.srigl;

import java.util.ArrayList;
import java.util.List;
import org.bame.baselines.dynamic.DropAndGrow;
import org.bame.baselines.dynamic.DynamicCosts;
import org.bame.baselines.dynamic.DynamicLayer;
import org.bame.baselines.dynamic.UpdatePhases;
import org.bame.baselines.dynamic.UpdateSchedule;
import org.bame.baselines.rigl.NmRiglMethodFactory;
import org.bame.flops.CostModel;
import org.bame.method.LayerwiseMethod;
import org.bame.method.MaskTracker;
import org.bame.method.MaskedLayer;
import org.bame.method.MethodContext;
import org.bame.method.MethodFactory;
import org.bame.method.MethodPhase;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.FanInPattern;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.SparsityPattern;

/**
 * SRigL: RigL with the same number of weights for every neuron, but for neurons that are given up. Costs are counted at the
 * pattern's density; once neurons are ablated, whole weights for the others leave up to one weight a neuron less.
 */
public final class SriglMethodFactory implements MethodFactory<SriglConfiguration> {
    private static final String NAME = "srigl";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String summary() {
        return "RigL with a constant fan-in, which gives up neurons that have few salient weights";
    }

    @Override
    public String reference() {
        return "Lasby et al., Dynamic Sparse Training with Structured Sparsity, ICLR 2024, arXiv 2305.02299";
    }

    @Override
    public SriglConfiguration defaults() {
        return SriglConfiguration.defaults();
    }

    @Override
    public boolean supports(SparsityPattern pattern) {
        return pattern instanceof FanInPattern;
    }

    @Override
    public String alternative(SparsityPattern pattern) {
        return pattern instanceof NmPattern ? NmRiglMethodFactory.FOR_NM_PATTERNS : "";
    }

    @Override
    public List<String> problems(SriglConfiguration c, MethodContext context) {
        List<String> problems =
                new ArrayList<>(UpdateSchedule.problems(c.interval(), c.alpha(), c.endFraction(), context));
        if (!(c.gammaSal() >= 0 && c.gammaSal() <= 1)) {
            problems.add("gammaSal is " + c.gammaSal() + ", expected 0 (no neuron is ablated) to 1");
        }
        return problems;
    }

    @Override
    public TrainingMethod create(SriglConfiguration configuration, MethodContext context) {
        UpdateSchedule schedule = schedule(configuration, context);
        DropAndGrow dropAndGrow = new DropAndGrow();
        return new LayerwiseMethod<>(
                NAME,
                context + ", " + configuration,
                (index, layer) -> new DynamicLayer(
                        layer,
                        new FanInTopology(
                                layer.shape(),
                                own(layer),
                                dropAndGrow,
                                configuration.gammaSal(),
                                context.seed(),
                                index),
                        schedule,
                        new MaskTracker(layer.shape(), layer.pattern())));
    }

    private static FanInPattern own(MaskedLayer layer) {
        if (layer.pattern() instanceof FanInPattern fanIn) {
            return fanIn;
        }
        throw new IllegalArgumentException("Layer " + layer.name() + " has pattern " + layer.pattern()
                + ", expected a constant fan-in, as in fan_in@0.9: ask supports() first");
    }

    @Override
    public CostModel costs(SriglConfiguration configuration, MethodContext context) {
        return new DynamicCosts(schedule(configuration, context), context.pattern(), true);
    }

    private static UpdateSchedule schedule(SriglConfiguration c, MethodContext context) {
        return UpdateSchedule.of(c.interval(), c.alpha(), c.endFraction(), context);
    }

    @Override
    public List<MethodPhase> phases(int untimedSteps, int timedSteps) {
        return UpdatePhases.of(untimedSteps + timedSteps, updateInterval());
    }

    @Override
    public int updateInterval() {
        return SriglConfiguration.defaults().interval();
    }
}
