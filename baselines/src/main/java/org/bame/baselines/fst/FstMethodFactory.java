package org.bame.baselines.fst;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bame.flops.CostModel;
import org.bame.method.LayerwiseMethod;
import org.bame.method.MaskTracker;
import org.bame.method.MethodContext;
import org.bame.method.MethodFactory;
import org.bame.method.MethodPhase;
import org.bame.method.OutputGradientSample;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.SparsityPattern;

/** FST: 2:4 in all three products by transposable masks and a sampled output gradient, then dense fine-tuning. */
public final class FstMethodFactory implements MethodFactory<FstConfiguration> {
    private static final String NAME = "fst";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String summary() {
        return "Transposable 2:4 masks with decay of masked weights, dW from a 2:4 sample of dY, dense at the end";
    }

    @Override
    public String reference() {
        return "Hu et al., Accelerating Transformer Pre-training with 2:4 Sparsity, ICML 2024, arXiv 2404.01847";
    }

    @Override
    public FstConfiguration defaults() {
        return FstConfiguration.defaults();
    }

    @Override
    public boolean supports(SparsityPattern pattern) {
        return pattern.equals(TileSelection.PATTERN);
    }

    @Override
    public String alternative(SparsityPattern pattern) {
        return "It scores the " + TilePatterns.count() + " transposable patterns of 4x4 tiles; method transposable has"
                + " such masks for other N:M.";
    }

    @Override
    public List<String> problems(FstConfiguration c, MethodContext context) {
        List<String> problems = new ArrayList<>();
        if (c.interval() < 1) {
            problems.add("interval is " + c.interval() + ", expected at least 1 step");
        }
        if (!(c.lambda() >= 0 && Double.isFinite(c.lambda()))) {
            problems.add("lambda is " + c.lambda() + ", expected at least 0");
        }
        if (!(c.denseShare() >= 0 && c.denseShare() <= 1)) {
            problems.add("denseShare is " + c.denseShare() + ", expected 0 to 1");
        }
        return problems;
    }

    @Override
    public TrainingMethod create(FstConfiguration configuration, MethodContext context) {
        TileSelection selection = new TileSelection();
        long denseFrom = configuration.denseFrom(context.totalSteps());
        return new LayerwiseMethod<>(
                NAME,
                context + ", " + configuration,
                (index, layer) -> new FstLayer(
                        layer,
                        configuration,
                        selection,
                        denseFrom,
                        new MaskTracker(layer.shape(), TileSelection.PATTERN),
                        configuration.sampleGradient() ? new OutputGradientSample(context.seed(), index) : null));
    }

    @Override
    public CostModel costs(FstConfiguration configuration, MethodContext context) {
        return FstCosts.of(configuration, context);
    }

    @Override
    public List<MethodPhase> phases(int untimedSteps, int timedSteps) {
        int steps = untimedSteps + timedSteps;
        return List.of(
                new MethodPhase(
                        "sparse",
                        "transposable 2:4 masks, dW simulated: it runs dense on a sample of dY",
                        Map.of("denseShare", 0.0),
                        steps,
                        steps),
                new MethodPhase("dense", "dense fine-tuning at the end", Map.of("denseShare", 1.0), steps, steps));
    }

    @Override
    public int updateInterval() {
        return FstConfiguration.defaults().interval();
    }
}
