package org.bame.method.bame;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
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
    private final MaskTracker tracker;
    private final StraightThroughLayer denseStore;
    private final LossAwareMaskAdaption adaption;
    private final OscillationAwareBlockFreezing freezing;
    private final float[] lastStored;
    private final ProductPlan sparsePlan;
    private final ProductPlan adaptationPlan;
    private boolean sparse;
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
        this.tracker = new MaskTracker(layer.shape());
        double lambda = configuration.initPhase() == BameConfiguration.InitPhase.SRSTE ? configuration.lambda() : 0;
        this.denseStore = new StraightThroughLayer(layer, selection, lambda, tracker);
        this.adaption = new LossAwareMaskAdaption(
                layer.shape(), selection.pattern(), configuration.swapsPerBlock(), configuration.pruneScore());
        this.freezing = new OscillationAwareBlockFreezing(layer.shape(), selection.pattern(), configuration);
        boolean remember = configuration.revivedValue() == BameConfiguration.RevivedValue.LAST_STORED;
        this.lastStored = remember ? new float[layer.shape().size()] : null;
        Support support = Support.of(tracker.mask());
        this.sparsePlan = ProductPlan.of(support, support, support);
        this.adaptationPlan = ProductPlan.of(support, support, Support.DENSE);
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
                    tracker.recordUpdate(selection.select(layer.weights(), tracker.mask()));
                    makeSparse();
                }
                case RANDOM -> {
                    tracker.recordUpdate(selection.selectRandom(LayerRandom.of(seed, index, -1), tracker.mask()));
                    makeSparse();
                }
                // Needs a gradient first: see transformGradient.
                case GRADIENT_ONE_SHOT -> {
                }
            }
        }
        if (sparse) {
            return schedule.adaptsAt(step.index()) ? adaptationPlan : sparsePlan;
        }
        return switch (configuration.initPhase()) {
            case SRSTE, STE -> denseStore.plan(step);
            default -> ProductPlan.DENSE;
        };
    }

    /** Of a step without adaptation: in the sparse phases the kernel already left out what the mask leaves out. */
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

    /** First half of an adaptation: looks for swaps, with the dense gradient of this step. */
    void propose(double stepKappa) {
        long start = System.nanoTime();
        kappa = stepKappa;
        adaption.propose(layer.weights(), layer.gradient(), tracker.mask(), kappa);
        proposalNanos = System.nanoTime() - start;
    }

    @Override
    public int blocks() {
        return layer.shape().blocks(selection.pattern());
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
        int swaps = 0;
        int reversals = 0;
        double predicted = 0;
        for (int block : chosenBlocks) {
            int count = lossAware ? adaption.admissible(block) : adaption.swapsPerBlock();
            predicted += adaption.predictedChange(block, count, layer.weights(), layer.gradient(), kappa);
            for (int k = 0; k < count; k++) {
                int out = adaption.pruned(block, k);
                int in = adaption.revived(block, k);
                prune(out, mask);
                revive(in, mask, step);
                reversals += freezing.recordSwap(out, in) ? 1 : 0;
            }
            swaps += count;
        }
        freezing.endAdaptation();
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

    private void prune(int i, Mask mask) {
        if (lastStored != null) {
            lastStored[i] = (float) layer.weights().get(i);
        }
        layer.weights().set(i, 0);
        layer.resetOptimizerState(i);
        mask.set(i, false);
    }

    private void revive(int i, Mask mask, Step step) {
        Storage gradient = layer.gradient();
        double value = switch (configuration.revivedValue()) {
            case ZERO -> 0;
            case GRADIENT_STEP -> -step.learningRate() * gradient.get(i);
            case LAST_STORED -> lastStored[i];
        };
        layer.weights().set(i, value);
        layer.resetOptimizerState(i);
        // The gradient belongs to the network before the swap, in which this weight was out.
        gradient.set(i, 0);
        mask.set(i, true);
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
    }

    @Override
    public void restore(DataInput in) throws IOException {
        String pattern = in.readUTF();
        if (!pattern.equals(selection.pattern().toString())) {
            throw new IOException("Checkpoint has pattern " + pattern + ", expected " + selection.pattern()
                    + ": it belongs to another run");
        }
        sparse = in.readBoolean();
        denseStore.restore(in);
        freezing.restore(in);
        int remembered = in.readInt();
        if (remembered != (lastStored == null ? 0 : lastStored.length)) {
            throw new IOException("Checkpoint remembers " + remembered + " pruned weights of layer " + layer.name()
                    + ", which does not fit revivedValue = " + configuration.revivedValue()
                    + ": it belongs to another run");
        }
        for (int i = 0; i < remembered; i++) {
            lastStored[i] = in.readFloat();
        }
    }
}
