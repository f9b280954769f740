package org.bame.baselines.hrbp;

import java.util.ArrayList;
import java.util.List;
import org.bame.baselines.dynamic.DropAndGrow;
import org.bame.baselines.dynamic.DynamicCosts;
import org.bame.baselines.dynamic.DynamicLayer;
import org.bame.baselines.dynamic.Growth;
import org.bame.baselines.dynamic.UpdatePhases;
import org.bame.baselines.dynamic.UpdateSchedule;
import org.bame.baselines.rigl.NmRiglMethodFactory;
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
 * HRBP, reconstructed: dense blocks of kernels by groups of outputs, regrouped now and then. Costs are counted at the
 * pattern's density; a layer's own differs by less than half an input channel a group (and is never below one). That dense
 * matrix hardware could skip what is between the blocks is in no account: {@code nm_hardware} asks for N:M.
 */
public final class HrbpMethodFactory implements MethodFactory<HrbpConfiguration> {
    private static final String NAME = "hrbp";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String summary() {
        return "Groups of outputs that keep the same input channels, whole kernels each, regrouped by similarity";
    }

    @Override
    public String reference() {
        return "Ma et al., HRBP: Hardware-friendly Regrouping towards Block-based Pruning for Sparse CNN Training, CPAL 2024"
                + " (reconstructed from its abstract)";
    }

    @Override
    public HrbpConfiguration defaults() {
        return HrbpConfiguration.defaults();
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
    public List<String> problems(HrbpConfiguration c, MethodContext context) {
        List<String> problems =
                new ArrayList<>(UpdateSchedule.problems(c.interval(), c.alpha(), c.endFraction(), context));
        if (c.groupSize() < 1) {
            problems.add("groupSize is " + c.groupSize() + ", expected at least 1 output");
        }
        return problems;
    }

    @Override
    public TrainingMethod create(HrbpConfiguration configuration, MethodContext context) {
        UpdateSchedule schedule = schedule(configuration, context);
        DropAndGrow dropAndGrow = new DropAndGrow();
        return new LayerwiseMethod<>(
                NAME,
                context + ", " + configuration,
                (index, layer) -> new DynamicLayer(
                        layer,
                        new KernelTopology(layer, configuration, dropAndGrow, context.seed(), index),
                        schedule,
                        new MaskTracker(layer.shape(), layer.pattern())));
    }

    @Override
    public CostModel costs(HrbpConfiguration configuration, MethodContext context) {
        boolean byGradient = configuration.growth() == Growth.GRADIENT;
        return new DynamicCosts(schedule(configuration, context), context.pattern(), byGradient);
    }

    private static UpdateSchedule schedule(HrbpConfiguration c, MethodContext context) {
        return UpdateSchedule.of(c.interval(), c.alpha(), c.endFraction(), context);
    }

    @Override
    public List<MethodPhase> phases(int untimedSteps, int timedSteps) {
        return UpdatePhases.of(untimedSteps + timedSteps, updateInterval());
    }

    @Override
    public int updateInterval() {
        return HrbpConfiguration.defaults().interval();
    }
}
