package org.bame.method.bame;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.bame.method.Adaptation;
import org.bame.method.BatchLoss;
import org.bame.method.LayerMethod;
import org.bame.method.LayerStatistics;
import org.bame.method.MaskArithmetic;
import org.bame.method.MaskTracker;
import org.bame.method.MaskedLayer;
import org.bame.method.MethodContext;
import org.bame.method.PlanPromise;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.method.bame.BameConfiguration.Transpose;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmBlocks;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.NmSelection;
import org.bame.sparsity.OutputAxisPromise;
import org.bame.sparsity.Support;

/**
 * BAME on one layer. Before the layer is {@link #sparse} its store is dense and the initial phase rules; from then on
 * weights outside the mask are exactly 0, and so is the optimizer's state for them, so that they stay 0.
 */
final class BameLayer implements LayerMethod, BlockSelection.Candidates {
    private final int index;
    private final MaskedLayer layer;
    private final BameConfiguration configuration;
    private final BameSchedule schedule;
    private final NmPattern pattern;
    private final long seed;
    private final NmBlocks blocks;
    private final MaskTracker tracker;
    private final InitialPhase initial;
    private final LossAwareMaskAdaption adaption;
    private final OscillationAwareBlockFreezing freezing;
    private final PrunedValues prunedValues;
    private final GradientMean gradient;
    private final BackwardMask backward;
    private final ProductPlan sparsePlan;
    private final ProductPlan adaptationPlan;
    private final PlanPromise sparsePromise;
    private boolean sparse;
    private long proposalNanos;
    private double kappa;

    BameLayer(
            int index,
            MaskedLayer layer,
            BameConfiguration configuration,
            MethodContext context,
            NmSelection selection,
            StartingMask startingMask) {
        this.index = index;
        this.layer = layer;
        this.configuration = configuration;
        this.schedule = BameSchedule.of(configuration, context);
        this.pattern = context.nm();
        this.seed = context.seed();
        boolean tiles = configuration.transpose() == Transpose.TILE;
        this.blocks = tiles ? NmBlocks.tiles(layer.shape(), pattern) : new NmBlocks(layer.shape(), pattern);
        this.tracker = new MaskTracker(layer.shape(), pattern);
        this.adaption = tiles
                ? new TileCycles(blocks, configuration.swapsPerBlock(), configuration.pruneScore())
                : new BlockSwaps(blocks, configuration.swapsPerBlock(), configuration.pruneScore());
        this.freezing = new OscillationAwareBlockFreezing(blocks, pattern.rowGroup(), configuration);
        this.prunedValues = new PrunedValues(
                layer, configuration.revivedValue() == BameConfiguration.RevivedValue.LAST_STORED);
        this.gradient = new GradientMean(layer, configuration.gradientBatches());
        this.backward = configuration.hasBackwardMask()
                ? new BackwardMask(layer.shape(), pattern, configuration.permutations())
                : null;
        this.initial = new InitialPhase(
                configuration, layer, schedule, tracker, selection, startingMask, backward, seed, index);
        Support support = Support.of(tracker.mask());
        Support transposed = configuration.thinsSparsePhases() ? backward.support() : support;
        this.sparsePlan = ProductPlan.of(support, transposed, support);
        this.adaptationPlan = ProductPlan.of(support, transposed, Support.DENSE);
        this.sparsePromise = switch (configuration.transpose()) {
            case NONE -> PlanPromise.EXACT;
            case TILE, DOUBLE_PRUNE ->
                PlanPromise.EXACT.and(OutputAxisPromise.inMemoryOrder(pattern, layer.shape()));
            case BI_MASK -> PlanPromise.EXACT.and(backward.promise());
        };
    }

    /** The blocks' history, for tests. */
    OscillationAwareBlockFreezing freezing() {
        return freezing;
    }

    /** Whether the store is sparse already. */
    boolean sparse() {
        return sparse;
    }

    @Override
    public ProductPlan plan(Step step) {
        if (!sparse && initial.endsAt(step)) {
            makeSparse(step.index());
        }
        if (!sparse) {
            return initial.plan(step);
        }
        return schedule.needsDenseGradientAt(step.index()) ? adaptationPlan : sparsePlan;
    }

    @Override
    public PlanPromise promise(Step step) {
        return sparse ? sparsePromise : initial.promise();
    }

    /**
     * In the sparse phases nothing is left to do: the kernel, {@link #collectGradient} or {@link #adapt} leaves out
     * what the mask leaves out.
     */
    @Override
    public void transformGradient(Step step) {
        if (!sparse && initial.transformGradient(step)) {
            makeSparse(step.index());
            MaskArithmetic.zeroOutside(tracker.mask(), layer.gradient());
        }
    }

    @Override
    public void afterUpdate(Step step) {
        long next = step.index() + 1;
        if (!sparse) {
            initial.afterUpdate(step);
        } else if (configuration.thinsSparsePhases()
                && (schedule.adaptsAt(step.index()) || schedule.choosesBackwardMaskAt(next))) {
            chooseBackwardMask(next);
        }
    }

    private void chooseBackwardMask(long step) {
        if (configuration.transpose() == Transpose.BI_MASK) {
            backward.reorder(tracker.mask(), BackwardMask.orders(seed, index, step));
            backward.choose(layer.weights(), tracker.mask());
        } else {
            backward.chooseInMemoryOrder(layer.weights(), tracker.mask());
        }
    }

    private void makeSparse(long step) {
        prunedValues.recordAll();
        MaskArithmetic.prune(layer, tracker.mask());
        if (configuration.thinsSparsePhases()) {
            chooseBackwardMask(step);
        }
        sparse = true;
    }

    /**
     * Takes this step's dense gradient into the mean that the next adaptation uses. What the mask leaves out is then no
     * longer needed, unless the adaptation is of this step.
     */
    void collectGradient(boolean adaptsNow) {
        if (gradient.averages()) {
            gradient.collect();
            if (!adaptsNow) {
                MaskArithmetic.zeroOutside(tracker.mask(), layer.gradient());
            }
        }
    }

    /** First part of an adaptation: looks for swaps, with the dense gradient of this step (or the mean up to it). */
    void propose(double stepKappa) {
        long start = System.nanoTime();
        kappa = stepKappa;
        adaption.propose(layer.weights(), gradient.value(), tracker.mask(), kappa);
        proposalNanos = System.nanoTime() - start;
    }

    @Override
    public int blocks() {
        return blocks.count();
    }

    @Override
    public boolean changeable(int block) {
        return !freezing.frozen(block);
    }

    @Override
    public double priority(int block) {
        return freezing.priority(block, adaption.lossReduction(block));
    }

    /** Swaps that a chosen block makes: of blocks chosen at random, all that were found. */
    private int accepted(int block) {
        return configuration.blockSelection() == BameConfiguration.Selection.LOSS_AWARE
                ? adaption.admissible(block)
                : adaption.found(block);
    }

    /**
     * Between the two parts: the loss with the swaps of the chosen blocks as they were predicted, victims at 0 and revived
     * weights at {@code -kappa G}.
     */
    double lossAsPredicted(int[] chosenBlocks, BatchLoss loss) {
        return loss.during(new BatchLoss.Change() {
            private float[] before = new float[0];

            @Override
            public void make() {
                float[] copy = new float[layer.shape().size()];
                for (int i = 0; i < copy.length; i++) {
                    copy[i] = (float) layer.weights().get(i);
                }
                before = copy;
                for (int block : chosenBlocks) {
                    for (int k = 0; k < accepted(block); k++) {
                        displace(adaption.pruned(block, k), adaption.revived(block, k), adaption.rows(block));
                    }
                }
            }

            @Override
            public void undo() {
                for (int i = 0; i < before.length; i++) {
                    layer.weights().set(i, before[i]);
                }
            }
        });
    }

    private void displace(int out, int in, int rows) {
        for (int row = 0; row < rows; row++) {
            int shift = row * adaption.rowLength();
            layer.weights().set(out + shift, 0);
            layer.weights().set(in + shift, -kappa * gradient.value().get(in + shift));
        }
    }

    /**
     * Second part of an adaptation: swaps in the chosen blocks, freezes, and leaves of the dense gradient what the weights
     * kept before and after may learn from.
     *
     * @param selectionNanos this layer's part of the time of the choice
     * @param measuredLossChange by these swaps alone, or NaN
     */
    Adaptation adapt(int[] chosenBlocks, Step step, long selectionNanos, double measuredLossChange) {
        long start = System.nanoTime();
        Mask mask = tracker.mask();
        int swaps = 0;
        int reversals = 0;
        double predicted = 0;
        for (int block : chosenBlocks) {
            int rows = adaption.rows(block);
            int count = accepted(block);
            predicted += adaption.predictedChange(block, count, layer.weights(), gradient.value(), kappa);
            for (int k = 0; k < count; k++) {
                int out = adaption.pruned(block, k);
                int in = adaption.revived(block, k);
                for (int row = 0; row < rows; row++) {
                    prune(out + row * adaption.rowLength());
                    revive(in + row * adaption.rowLength(), step);
                }
                mask.set(out, false);
                mask.set(in, true);
                reversals += freezing.recordSwap(out, in) ? rows : 0;
            }
            swaps += count * rows;
        }
        freezing.endAdaptation();
        gradient.clear();
        MaskArithmetic.zeroOutside(mask, layer.gradient());
        tracker.recordUpdate(2 * swaps);
        return new Adaptation(
                layer.name(),
                step.index(),
                swaps,
                reversals,
                2.0 * swaps / layer.shape().size(),
                freezing.frozenShare(),
                tracker.everActiveShare(),
                predicted,
                proposalNanos + selectionNanos + System.nanoTime() - start,
                measuredLossChange);
    }

    private void prune(int i) {
        prunedValues.record(i);
        layer.weights().set(i, 0);
        layer.resetOptimizerState(i);
    }

    private void revive(int i, Step step) {
        double value = switch (configuration.revivedValue()) {
            case ZERO -> 0;
            case GRADIENT_STEP -> -step.learningRate() * gradient.value().get(i);
            case LAST_STORED -> prunedValues.of(i);
        };
        layer.weights().set(i, value);
        layer.resetOptimizerState(i);
        // The gradient belongs to the network before the swap, in which this weight was out.
        layer.gradient().set(i, 0);
    }

    @Override
    public LayerStatistics drainStatistics() {
        return tracker.drainStatistics(layer.name(), freezing.frozenShare());
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeUTF(pattern.toString());
        out.writeBoolean(sparse);
        initial.save(out);
        freezing.save(out);
        prunedValues.save(out);
        gradient.save(out);
        if (backward != null) {
            backward.save(out);
        }
    }

    @Override
    public void restore(DataInput in) throws IOException {
        String saved = in.readUTF();
        if (!saved.equals(pattern.toString())) {
            throw new IllegalArgumentException("Checkpoint has pattern " + saved + ", expected " + pattern
                    + ": it belongs to another run; restore it there, or train anew");
        }
        sparse = in.readBoolean();
        initial.restore(in);
        freezing.restore(in);
        prunedValues.restore(in);
        gradient.restore(in);
        if (backward != null) {
            backward.restore(in);
        }
    }
}
