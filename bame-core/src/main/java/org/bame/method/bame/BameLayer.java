package org.bame.method.bame;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.bame.method.Adaptation;
import org.bame.method.LayerMethod;
import org.bame.method.LayerRandom;
import org.bame.method.LayerStatistics;
import org.bame.method.MaskArithmetic;
import org.bame.method.MaskTracker;
import org.bame.method.MaskedLayer;
import org.bame.method.MethodContext;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.method.StraightThroughLayer;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmBlocks;
import org.bame.sparsity.NmSelection;
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
    private final long seed;
    private final NmSelection selection;
    private final NmBlocks blocks;
    private final MaskTracker tracker;
    private final StraightThroughLayer denseStore;
    private final LossAwareMaskAdaption adaption;
    private final OscillationAwareBlockFreezing freezing;
    private final float[] lastStored;
    private final Storage gradientMean;
    private final ProductPlan sparsePlan;
    private final ProductPlan adaptationPlan;
    private boolean sparse;
    private int collected;
    private long proposalNanos;
    private double kappa;

    BameLayer(
            int index,
            MaskedLayer layer,
            BameConfiguration configuration,
            MethodContext context,
            NmSelection selection) {
        this.index = index;
        this.layer = layer;
        this.configuration = configuration;
        this.schedule = BameSchedule.of(configuration, context);
        this.seed = context.seed();
        this.selection = selection;
        this.blocks = new NmBlocks(layer.shape(), selection.pattern());
        this.tracker = new MaskTracker(layer.shape(), selection.pattern());
        double lambda = configuration.initPhase() == BameConfiguration.InitPhase.SRSTE ? configuration.lambda() : 0;
        this.denseStore = new StraightThroughLayer(layer, selection, lambda, tracker);
        this.adaption =
                new LossAwareMaskAdaption(blocks, configuration.swapsPerBlock(), configuration.pruneScore());
        this.freezing = new OscillationAwareBlockFreezing(blocks, configuration);
        boolean remember = configuration.revivedValue() == BameConfiguration.RevivedValue.LAST_STORED;
        this.lastStored = remember ? new float[layer.shape().size()] : null;
        boolean averages = configuration.gradientBatches() > 1;
        this.gradientMean = averages ? Storage.allocate(ElementType.FLOAT, layer.shape().size()) : null;
        Support support = Support.of(tracker.mask());
        this.sparsePlan = ProductPlan.of(support, support, support);
        this.adaptationPlan = ProductPlan.of(support, support, Support.DENSE);
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
        if (!sparse) {
            switch (configuration.initPhase()) {
                case SRSTE, STE, DENSE -> {
                    if (step.index() >= schedule.start()) {
                        denseStore.refreshMask();
                        makeSparse();
                    }
                }
                case MAGNITUDE_ONE_SHOT -> {
                    tracker.recordUpdate(selection.select(layer.weights().segment(), tracker.mask()));
                    makeSparse();
                }
                case RANDOM -> {
                    tracker.recordUpdate(selection.selectRandom(LayerRandom.of(seed, index, -1), tracker.mask()));
                    makeSparse();
                }
                // Needs a gradient first: see transformGradient.
                case GRADIENT_ONE_SHOT -> {
                }
                case BIMASK_COST -> throw new IllegalStateException(
                        "Got initPhase BIMASK_COST, which is for accounts only; expected one that trains, as SRSTE");
            }
        }
        if (sparse) {
            return schedule.needsDenseGradientAt(step.index()) ? adaptationPlan : sparsePlan;
        }
        return switch (configuration.initPhase()) {
            case SRSTE, STE -> denseStore.plan(step);
            default -> ProductPlan.DENSE;
        };
    }

    /**
     * In the sparse phases nothing is left to do: the kernel, {@link #collectGradient} or {@link #adapt} leaves out
     * what the mask leaves out.
     */
    @Override
    public void transformGradient(Step step) {
        if (sparse) {
            return;
        }
        switch (configuration.initPhase()) {
            case SRSTE, STE -> denseStore.transformGradient(step);
            case DENSE -> tracker.recordDense();
            default -> pruneBySensitivity();
        }
    }

    @Override
    public void afterUpdate(Step step) {
        denseStore.afterUpdate(step);
    }

    private void pruneBySensitivity() {
        int size = layer.shape().size();
        float[] sensitivity = new float[size];
        for (int i = 0; i < size; i++) {
            sensitivity[i] = (float) (layer.gradient().get(i) * layer.weights().get(i));
        }
        tracker.recordUpdate(selection.select(sensitivity, tracker.mask()));
        makeSparse();
        MaskArithmetic.zeroOutside(tracker.mask(), layer.gradient());
    }

    private void makeSparse() {
        if (lastStored != null) {
            for (int i = 0; i < lastStored.length; i++) {
                lastStored[i] = (float) layer.weights().get(i);
            }
        }
        MaskArithmetic.prune(layer, tracker.mask());
        sparse = true;
    }

    /**
     * Takes this step's dense gradient into the mean that the next adaptation uses. What the mask leaves out is then no
     * longer needed, unless the adaptation is of this step.
     */
    void collectGradient(boolean adaptsNow) {
        if (gradientMean == null) {
            return;
        }
        collected++;
        double share = 1.0 / collected;
        for (int i = 0; i < layer.shape().size(); i++) {
            double mean = collected == 1 ? 0 : gradientMean.get(i);
            gradientMean.set(i, mean + share * (layer.gradient().get(i) - mean));
        }
        if (!adaptsNow) {
            MaskArithmetic.zeroOutside(tracker.mask(), layer.gradient());
        }
    }

    /** The dense gradient that adaptations judge by. */
    private Storage judged() {
        return gradientMean == null ? layer.gradient() : gradientMean;
    }

    /** First half of an adaptation: looks for swaps, with the dense gradient of this step (or the mean up to it). */
    void propose(double stepKappa) {
        long start = System.nanoTime();
        kappa = stepKappa;
        adaption.propose(layer.weights(), judged(), tracker.mask(), kappa);
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

    /**
     * Second half of an adaptation: swaps in the chosen blocks, freezes, and leaves of the dense gradient what the weights
     * kept before and after may learn from.
     *
     * @param selectionNanos this layer's part of the time of the choice
     */
    Adaptation adapt(int[] chosenBlocks, Step step, long selectionNanos) {
        long start = System.nanoTime();
        Mask mask = tracker.mask();
        boolean lossAware = configuration.blockSelection() == BameConfiguration.Selection.LOSS_AWARE;
        int rowLength = layer.shape().rowLength();
        int swaps = 0;
        int reversals = 0;
        double predicted = 0;
        for (int block : chosenBlocks) {
            int rows = blocks.rows(block);
            int count = lossAware ? adaption.admissible(block) : adaption.swapsPerBlock();
            predicted += adaption.predictedChange(block, count, layer.weights(), judged(), kappa);
            for (int k = 0; k < count; k++) {
                int out = adaption.pruned(block, k);
                int in = adaption.revived(block, k);
                for (int row = 0; row < rows; row++) {
                    prune(out + row * rowLength);
                    revive(in + row * rowLength, step);
                }
                mask.set(out, false);
                mask.set(in, true);
                reversals += freezing.recordSwap(out, in) ? rows : 0;
            }
            swaps += count * rows;
        }
        freezing.endAdaptation();
        collected = 0;
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
                proposalNanos + selectionNanos + System.nanoTime() - start);
    }

    private void prune(int i) {
        if (lastStored != null) {
            lastStored[i] = (float) layer.weights().get(i);
        }
        layer.weights().set(i, 0);
        layer.resetOptimizerState(i);
    }

    private void revive(int i, Step step) {
        double value = switch (configuration.revivedValue()) {
            case ZERO -> 0;
            case GRADIENT_STEP -> -step.learningRate() * judged().get(i);
            case LAST_STORED -> lastStored[i];
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
        out.writeUTF(selection.pattern().toString());
        out.writeBoolean(sparse);
        denseStore.save(out);
        freezing.save(out);
        out.writeInt(lastStored == null ? 0 : lastStored.length);
        if (lastStored != null) {
            for (float value : lastStored) {
                out.writeFloat(value);
            }
        }
        out.writeInt(collected);
        for (int i = 0; collected > 0 && i < layer.shape().size(); i++) {
            out.writeFloat((float) gradientMean.get(i));
        }
    }

    @Override
    public void restore(DataInput in) throws IOException {
        String pattern = in.readUTF();
        if (!pattern.equals(selection.pattern().toString())) {
            throw new IllegalArgumentException("Checkpoint has pattern " + pattern + ", expected " + selection.pattern()
                    + ": it belongs to another run; restore it there, or train anew");
        }
        sparse = in.readBoolean();
        denseStore.restore(in);
        freezing.restore(in);
        int remembered = in.readInt();
        if (remembered != (lastStored == null ? 0 : lastStored.length)) {
            throw new IllegalArgumentException("Checkpoint remembers " + remembered + " pruned weights of layer "
                    + layer.name() + ", which does not fit revivedValue = " + configuration.revivedValue()
                    + ": it belongs to another run; restore it there, or train anew");
        }
        for (int i = 0; i < remembered; i++) {
            lastStored[i] = in.readFloat();
        }
        collected = in.readInt();
        if (collected < 0 || collected >= configuration.gradientBatches()) {
            throw new IllegalArgumentException("Checkpoint has the mean of " + collected + " gradients of layer "
                    + layer.name() + ", expected fewer than gradientBatches = " + configuration.gradientBatches()
                    + ": it belongs to another run; restore it there, or train anew");
        }
        for (int i = 0; collected > 0 && i < layer.shape().size(); i++) {
            gradientMean.set(i, in.readFloat());
        }
    }
}
