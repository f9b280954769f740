package org.bame.method.bame;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.bame.method.LayerRandom;
import org.bame.method.MaskTracker;
import org.bame.method.MaskedLayer;
import org.bame.method.PlanPromise;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.method.StraightThroughLayer;
import org.bame.method.bame.BameConfiguration.InitPhase;
import org.bame.method.bame.BameConfiguration.Transpose;
import org.bame.sparsity.NmSelection;
import org.bame.sparsity.Support;

/** Phase A of BAME on one layer: what trains while the store is dense, and the mask with which it ends. */
final class InitialPhase {
    private final InitPhase kind;
    private final MaskedLayer layer;
    private final BameSchedule schedule;
    private final MaskTracker tracker;
    private final StraightThroughLayer denseStore;
    private final StartingMask startingMask;
    private final boolean transposable;
    private final BackwardMask backward;
    private final ProductPlan biMaskPlan;
    private final long seed;
    private final int index;
    private boolean begun;

    /**
     * One layer's.
     *
     * @param backward the input gradient's own mask; null if no phase needs it
     * @param seed of the run
     * @param index of the layer
     */
    InitialPhase(
            BameConfiguration configuration,
            MaskedLayer layer,
            BameSchedule schedule,
            MaskTracker tracker,
            NmSelection selection,
            StartingMask startingMask,
            BackwardMask backward,
            long seed,
            int index) {
        this.kind = configuration.initPhase();
        this.layer = layer;
        this.schedule = schedule;
        this.tracker = tracker;
        boolean decays = kind == InitPhase.SRSTE || kind == InitPhase.BIMASK;
        this.denseStore = new StraightThroughLayer(layer, selection, decays ? configuration.lambda() : 0, tracker);
        this.startingMask = startingMask;
        this.transposable = configuration.transpose() == Transpose.TILE;
        this.backward = backward;
        this.biMaskPlan = kind == InitPhase.BIMASK
                ? ProductPlan.of(Support.of(tracker.mask()), backward.support(), Support.DENSE)
                : null;
        this.seed = seed;
        this.index = index;
    }

    /** Chooses the mask that ends this phase, if it is time to; whether it did. */
    boolean endsAt(Step step) {
        boolean ends = switch (kind) {
            case SRSTE, STE, DENSE, BIMASK -> step.index() >= schedule.start();
            case MAGNITUDE_ONE_SHOT, RANDOM -> true;
            // Needs a gradient first: see transformGradient.
            case GRADIENT_ONE_SHOT -> false;
        };
        if (ends && kind == InitPhase.RANDOM) {
            SplittableRandom random = LayerRandom.of(seed, index, -1);
            tracker.recordUpdate(startingMask.selectRandom(random, tracker.mask()));
        } else if (ends) {
            denseStore.refreshMask();
            if (transposable) {
                tracker.recordUpdate(startingMask.select(layer.weights().segment(), tracker.mask()));
            }
        }
        return ends;
    }

    ProductPlan plan(Step step) {
        if (kind == InitPhase.BIMASK && !begun) {
            refreshBiMask(step.index());
        }
        begun = true;
        return switch (kind) {
            case SRSTE, STE -> denseStore.plan(step);
            case BIMASK -> biMaskPlan;
            default -> ProductPlan.DENSE;
        };
    }

    /** What the masks of its plans keep. */
    PlanPromise promise() {
        return kind == InitPhase.BIMASK ? PlanPromise.EXACT.and(backward.promise()) : PlanPromise.EXACT;
    }

    /** Changes the gradient; one-shot pruning by gradient chooses its mask here, which ends the phase: whether it did. */
    boolean transformGradient(Step step) {
        switch (kind) {
            case SRSTE, STE, BIMASK -> denseStore.transformGradient(step);
            case DENSE -> tracker.recordDense();
            default -> {
                chooseBySensitivity();
                return true;
            }
        }
        return false;
    }

    private void chooseBySensitivity() {
        float[] sensitivity = new float[layer.shape().size()];
        for (int i = 0; i < sensitivity.length; i++) {
            sensitivity[i] = (float) (layer.gradient().get(i) * layer.weights().get(i));
        }
        tracker.recordUpdate(startingMask.select(MemorySegment.ofArray(sensitivity), tracker.mask()));
    }

    void afterUpdate(Step step) {
        denseStore.afterUpdate(step);
        if (kind == InitPhase.BIMASK) {
            // Now, and not when it is next asked for: so an evaluation in between changes nothing.
            refreshBiMask(step.index() + 1);
        }
    }

    private void refreshBiMask(long step) {
        denseStore.refreshMask();
        if (schedule.choosesBackwardMaskAt(step)) {
            backward.reorder(tracker.mask(), BackwardMask.orders(seed, index, step));
        }
        backward.choose(layer.weights(), tracker.mask());
    }

    void save(DataOutput out) throws IOException {
        out.writeBoolean(begun);
        denseStore.save(out);
    }

    void restore(DataInput in) throws IOException {
        begun = in.readBoolean();
        denseStore.restore(in);
    }
}
