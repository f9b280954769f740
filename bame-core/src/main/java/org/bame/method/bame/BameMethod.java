package org.bame.method.bame;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bame.method.Adaptation;
import org.bame.method.BatchLoss;
import org.bame.method.LayerStatistics;
import org.bame.method.LayerwiseMethod;
import org.bame.method.MaskedLayer;
import org.bame.method.MethodContext;
import org.bame.method.PlanPromise;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.NmSelection;

/**
 * BAME (ICML 2025): sparse training whose masks evolve in chosen blocks. The loop, reconstructed in methods.md 4.4:
 *
 * <ul>
 *   <li>phase A, before step t_i: the initial phase, by default SR-STE on a dense store;
 *   <li>at t_i: the N largest weights of every block stay, the others become 0 and are forgotten by the optimizer;
 *   <li>phase B, before t_f: all three products are sparse. Every T steps, from t_i on, the weight gradient is dense and
 *       masks are adapted;
 *   <li>phase C: masks are fixed.
 * </ul>
 *
 * <p>How W^T gets a structure in phases B and C is {@link BameConfiguration#transpose}'s to say.
 *
 * <p>An adaptation happens in {@link #transformGradients}, where the dense gradient and the weights that it belongs to are
 * both at hand. The optimizer's step that follows sees the new mask, but only gradients of weights kept before and after:
 * a revived weight starts from its configured value and learns from the next step on.
 */
public final class BameMethod implements TrainingMethod {
    /** Name that users type. */
    public static final String NAME = "bame";

    private final BameConfiguration configuration;
    private final MethodContext context;
    private final BameSchedule schedule;
    private final BlockSelection blockSelection;
    private final LayerwiseMethod<BameLayer> layers;
    private final List<Adaptation> adaptations = new ArrayList<>();
    private BatchLoss loss = change -> {
        throw new IllegalStateException("Key measureEvery is not 0, but nobody said how to measure losses: call"
                + " measureBy() before the first step, or leave the key at 0");
    };

    /** BAME for one run; the configuration must be free of {@link BameMethodFactory#problems}. */
    public BameMethod(BameConfiguration configuration, MethodContext context) {
        this.configuration = configuration;
        this.context = context;
        this.schedule = BameSchedule.of(configuration, context);
        this.blockSelection = new BlockSelection(configuration, context.seed());
        NmSelection selection = new NmSelection(context.nm());
        StartingMask startingMask = StartingMask.of(configuration.transpose(), context.nm());
        this.layers = new LayerwiseMethod<>(
                NAME,
                context + ", " + configuration,
                (index, layer) -> new BameLayer(index, layer, configuration, context, selection, startingMask));
    }

    @Override
    public String signature() {
        return layers.signature();
    }

    @Override
    public void attach(List<MaskedLayer> attached) {
        layers.attach(attached);
    }

    @Override
    public void measureBy(BatchLoss batchLoss) {
        loss = batchLoss;
    }

    @Override
    public ProductPlan plan(int layer, Step step) {
        return layers.plan(layer, step);
    }

    @Override
    public PlanPromise promise(int layer, Step step) {
        return layers.promise(layer, step);
    }

    @Override
    public void transformGradients(Step step) {
        // With one-shot pruning by gradient the masks are born here: this step's gradient is of the dense network.
        boolean sparse = layers.layers().stream().allMatch(BameLayer::sparse);
        if (sparse && schedule.needsDenseGradientAt(step.index())) {
            layers.layers().forEach(layer -> layer.collectGradient(schedule.adaptsAt(step.index())));
        }
        layers.transformGradients(step);
        if (sparse && schedule.adaptsAt(step.index())) {
            adapt(step);
        }
    }

    private void adapt(Step step) {
        double kappa = kappa(step.learningRate());
        List<BameLayer> all = layers.layers();
        all.forEach(layer -> layer.propose(kappa));
        long start = System.nanoTime();
        double share = schedule.budget(configuration, step.index());
        List<int[]> chosen = blockSelection.choose(all, share, step.index());
        long selectionNanos = (System.nanoTime() - start) / Math.max(1, all.size());
        // All of them before the first swap: each is of its layer's swaps alone.
        double[] measured = measuresAt(step.index()) ? lossChanges(chosen) : null;
        for (int i = 0; i < all.size(); i++) {
            double change = measured == null ? Double.NaN : measured[i];
            adaptations.add(all.get(i).adapt(chosen.get(i), step, selectionNanos, change));
        }
    }

    private boolean measuresAt(long step) {
        int every = configuration.measureEvery();
        return every > 0 && schedule.adaptationsBefore(step) % every == 0;
    }

    private double[] lossChanges(List<int[]> chosen) {
        double before = loss.ofStoredWeights();
        double[] changes = new double[chosen.size()];
        for (int i = 0; i < changes.length; i++) {
            changes[i] = layers.layers().get(i).lossAsPredicted(chosen.get(i), loss) - before;
        }
        return changes;
    }

    /** The layers' states, for tests. */
    List<BameLayer> layers() {
        return layers.layers();
    }

    private double kappa(double learningRate) {
        return switch (configuration.kappa()) {
            case LR -> learningRate;
            case LR_T -> learningRate * configuration.interval();
            case LR_T_MOMENTUM -> learningRate * configuration.interval() / (1 - context.momentum());
        };
    }

    @Override
    public void afterUpdate(Step step) {
        layers.afterUpdate(step);
    }

    @Override
    public List<LayerStatistics> statistics() {
        return layers.statistics();
    }

    @Override
    public List<Adaptation> drainAdaptations() {
        List<Adaptation> drained = List.copyOf(adaptations);
        adaptations.clear();
        return drained;
    }

    /** Does not write adaptations that nobody {@link #drainAdaptations drained}: drain, then save. */
    @Override
    public void save(DataOutput out) throws IOException {
        layers.save(out);
    }

    @Override
    public void restore(DataInput in) throws IOException {
        layers.restore(in);
    }
}
