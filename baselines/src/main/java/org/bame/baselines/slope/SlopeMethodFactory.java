package org.bame.baselines.slope;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bame.baselines.dense.DenseLayer;
import org.bame.flops.CostModel;
import org.bame.method.LayerMethod;
import org.bame.method.LayerRandom;
import org.bame.method.LayerwiseMethod;
import org.bame.method.MaskedLayer;
import org.bame.method.MethodContext;
import org.bame.method.MethodFactory;
import org.bame.method.MethodPhase;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.NmSelection;
import org.bame.sparsity.OutputAxisSelection;

/** SLoPe: a static mask, doubly pruned for the input gradient, and low-rank adapters at the end. */
public final class SlopeMethodFactory implements MethodFactory<SlopeConfiguration> {
    private static final String NAME = "slope";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String summary() {
        return "Static N:M mask, pruned along the outputs too for the input gradient; low-rank adapters at the end";
    }

    @Override
    public String reference() {
        return "Mozaffari et al., SLoPe: Double-Pruned Sparse Plus Lazy Low-Rank Adapter Pretraining of LLMs, ICLR 2025,"
                + " arXiv 2405.16325";
    }

    @Override
    public SlopeConfiguration defaults() {
        return SlopeConfiguration.defaults();
    }

    @Override
    public List<String> problems(SlopeConfiguration c, MethodContext context) {
        List<String> problems = new ArrayList<>();
        require(problems, c.interval() >= 1, "interval", c.interval(), "at least 1 step");
        require(problems, c.adapterShare() >= 0 && c.adapterShare() <= 1, "adapterShare", c.adapterShare(), "0 to 1");
        require(problems, c.rankShare() > 0 && c.rankShare() <= 1, "rankShare", c.rankShare(), "above 0, at most 1");
        require(problems, c.maxAspectRatio() >= 1, "maxAspectRatio", c.maxAspectRatio(), "at least 1");
        return problems;
    }

    private static void require(List<String> problems, boolean sound, String key, Object value, String expected) {
        if (!sound) {
            problems.add(key + " is " + value + ", expected " + expected);
        }
    }

    @Override
    public TrainingMethod create(SlopeConfiguration configuration, MethodContext context) {
        NmSelection selection = new NmSelection(context.nm());
        OutputAxisSelection outputSelection = new OutputAxisSelection(context.nm());
        return new LayerwiseMethod<LayerMethod>(
                NAME,
                context + ", " + configuration,
                (index, layer) -> configuration.skips(layer.shape())
                        ? new DenseLayer(layer)
                        : create(configuration, context, selection, outputSelection, index, layer));
    }

    private static SlopeLayer create(
            SlopeConfiguration configuration,
            MethodContext context,
            NmSelection selection,
            OutputAxisSelection outputSelection,
            int index,
            MaskedLayer layer) {
        return new SlopeLayer(
                layer,
                configuration,
                configuration.adaptersFrom(context.totalSteps()),
                selection,
                outputSelection,
                new LowRankAdapters(layer.shape(), configuration.rank(layer.shape()), context.momentum()),
                LayerRandom.of(context.seed(), index, 0));
    }

    @Override
    public CostModel costs(SlopeConfiguration configuration, MethodContext context) {
        return SlopeCosts.of(configuration, context);
    }

    @Override
    public List<MethodPhase> phases(int untimedSteps, int timedSteps) {
        int steps = untimedSteps + timedSteps;
        return List.of(
                new MethodPhase(
                        "sparse", "all three products sparse", Map.of("adapterShare", 0.0), steps, steps),
                new MethodPhase(
                        "adapters",
                        "low-rank adapters, multiplied out: all three products dense",
                        Map.of("adapterShare", 1.0),
                        steps,
                        steps));
    }

    @Override
    public int updateInterval() {
        return SlopeConfiguration.defaults().interval();
    }
}
