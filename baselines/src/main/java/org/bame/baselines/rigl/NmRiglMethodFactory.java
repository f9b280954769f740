package org.bame.baselines.rigl;

import java.util.ArrayList;
import java.util.List;
import org.bame.baselines.dynamic.DynamicCosts;
import org.bame.baselines.dynamic.DynamicLayer;
import org.bame.baselines.dynamic.UpdatePhases;
import org.bame.baselines.dynamic.UpdateSchedule;
import org.bame.flops.CostModel;
import org.bame.method.LayerRandom;
import org.bame.method.LayerwiseMethod;
import org.bame.method.MaskTracker;
import org.bame.method.MethodContext;
import org.bame.method.MethodFactory;
import org.bame.method.MethodPhase;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.NmBlocks;
import org.bame.sparsity.NmSelection;

/** RigL inside the blocks of an N:M mask: what BAME's loss term and freezing are measured against. */
public final class NmRiglMethodFactory implements MethodFactory<NmRiglConfiguration> {
    /** What the dynamic methods of other patterns say of N:M ones. */
    public static final String FOR_NM_PATTERNS = "In N:M blocks nm-rigl drops and grows.";

    private static final String NAME = "nm-rigl";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String summary() {
        return "RigL inside N:M blocks: the smallest weight gives way to the largest gradient in the blocks that gain most";
    }

    @Override
    public String reference() {
        return "Control, after Evci et al., Rigging the Lottery, ICML 2020, arXiv 1911.11134; no paper describes it";
    }

    @Override
    public NmRiglConfiguration defaults() {
        return NmRiglConfiguration.defaults();
    }

    @Override
    public List<String> problems(NmRiglConfiguration c, MethodContext context) {
        List<String> problems =
                new ArrayList<>(UpdateSchedule.problems(c.interval(), c.alpha(), c.endFraction(), context));
        int n = context.nm().n();
        int most = Math.min(n, context.nm().m() - n);
        if (most > 0 && (c.swapsPerBlock() < 1 || c.swapsPerBlock() > most)) {
            problems.add("swapsPerBlock is " + c.swapsPerBlock() + ", expected 1 to " + most
                    + " = min(N, M - N) for pattern " + context.nm());
        }
        return problems;
    }

    @Override
    public TrainingMethod create(NmRiglConfiguration configuration, MethodContext context) {
        NmSelection selection = new NmSelection(context.nm());
        UpdateSchedule schedule = schedule(configuration, context);
        return new LayerwiseMethod<>(
                NAME,
                context + ", " + configuration,
                (index, layer) -> new DynamicLayer(
                        layer,
                        new BlockTopology(
                                new NmBlocks(layer.shape(), context.nm()),
                                selection,
                                LayerRandom.of(context.seed(), index, 0),
                                configuration),
                        schedule,
                        new MaskTracker(layer.shape(), context.nm())));
    }

    @Override
    public CostModel costs(NmRiglConfiguration configuration, MethodContext context) {
        return new DynamicCosts(schedule(configuration, context), context.nm(), true);
    }

    private static UpdateSchedule schedule(NmRiglConfiguration c, MethodContext context) {
        return UpdateSchedule.of(c.interval(), c.alpha(), c.endFraction(), context);
    }

    @Override
    public List<MethodPhase> phases(int untimedSteps, int timedSteps) {
        return UpdatePhases.of(untimedSteps + timedSteps, updateInterval());
    }

    @Override
    public int updateInterval() {
        return NmRiglConfiguration.defaults().interval();
    }
}
