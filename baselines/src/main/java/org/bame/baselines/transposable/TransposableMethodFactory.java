package org.bame.baselines.transposable;

import java.util.ArrayList;
import java.util.List;
import org.bame.baselines.transposable.TransposableConfiguration.Layout;
import org.bame.baselines.transposable.TransposableConfiguration.Solver;
import org.bame.baselines.transposable.TransposableConfiguration.Variant;
import org.bame.flops.CostModel;
import org.bame.method.LayerwiseMethod;
import org.bame.method.MethodContext;
import org.bame.method.MethodFactory;
import org.bame.method.PlanPromise;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.GreedyTileSolver;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.OutputAxisPromise;
import org.bame.sparsity.TileSolver;
import org.bame.sparsity.TransposableSelection;
import org.bame.sparsity.WeightShape;

/** Transposable masks: N:M along inputs and outputs, so that one mask serves forward product and input gradient. */
public final class TransposableMethodFactory implements MethodFactory<TransposableConfiguration> {
    private static final String NAME = "transposable";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String summary() {
        return "Masks that are N:M along inputs and outputs, chosen every 40 steps; straight-through gradients to a dense store";
    }

    @Override
    public String reference() {
        return "Hubara et al., Accelerated Sparse Neural Training: A Provable and Efficient Method to Find N:M Transposable"
                + " Masks, NeurIPS 2021, arXiv 2102.08124";
    }

    @Override
    public TransposableConfiguration defaults() {
        return TransposableConfiguration.defaults();
    }

    @Override
    public List<String> problems(TransposableConfiguration configuration, MethodContext context) {
        List<String> problems = new ArrayList<>();
        if (configuration.refreshInterval() < 1) {
            problems.add("refreshInterval is " + configuration.refreshInterval() + ", expected at least 1 step");
        }
        NmPattern pattern = context.nm();
        if (pattern.rowGroup() != 1) {
            problems.add("pattern is " + pattern + ", expected one without row groups, as " + pattern.n() + ":"
                    + pattern.m()
                    + ": outputs that keep the same positions leave more than N weights in a column of a tile");
        }
        return problems;
    }

    @Override
    public TrainingMethod create(TransposableConfiguration configuration, MethodContext context) {
        NmPattern pattern = context.nm();
        TransposableSelection selection =
                new TransposableSelection(pattern, configuration.layout().tiles(), solver(configuration, pattern));
        String choices = context + ", " + configuration;
        return switch (configuration.variant()) {
            case DYNAMIC -> new LayerwiseMethod<>(
                    NAME,
                    choices,
                    (index, layer) -> new DynamicTransposableLayer(
                            layer,
                            selection,
                            configuration.refreshInterval(),
                            promise(configuration.layout(), pattern, layer.shape())));
            case STATIC -> new LayerwiseMethod<>(
                    NAME,
                    choices,
                    (index, layer) -> new StaticTransposableLayer(
                            layer,
                            selection,
                            pruneStep(configuration, context),
                            promise(configuration.layout(), pattern, layer.shape())));
        };
    }

    /** Columns of consecutive weights are no outputs. */
    private static PlanPromise promise(Layout layout, NmPattern pattern, WeightShape shape) {
        return switch (layout) {
            case TILE -> PlanPromise.EXACT.and(OutputAxisPromise.inMemoryOrder(pattern, shape));
            case TNM_REPO_COMPAT -> PlanPromise.EXACT;
        };
    }

    private static TileSolver solver(TransposableConfiguration configuration, NmPattern pattern) {
        return configuration.chosenSolver() == Solver.EXACT
                ? new MinimumCostFlowTileSolver(pattern)
                : new GreedyTileSolver(pattern);
    }

    @Override
    public CostModel costs(TransposableConfiguration configuration, MethodContext context) {
        return TransposableCosts.of(
                configuration.variant(),
                configuration.layout(),
                pruneStep(configuration, context),
                context.nm().density());
    }

    /** Twice through the epochs if a network is trained for the pruning. */
    @Override
    public int cycles(TransposableConfiguration configuration) {
        return configuration.variant() == Variant.STATIC ? 2 : 1;
    }

    /** The first step behind the dense passes through the epochs. */
    private long pruneStep(TransposableConfiguration configuration, MethodContext context) {
        int cycles = cycles(configuration);
        return context.totalSteps() / cycles * (cycles - 1);
    }

    @Override
    public int updateInterval() {
        return TransposableConfiguration.defaults().refreshInterval();
    }
}
