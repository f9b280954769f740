package org.bame.baselines.bimask;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.bame.method.LayerMethod;
import org.bame.method.LayerRandom;
import org.bame.method.LayerStatistics;
import org.bame.method.MaskTracker;
import org.bame.method.MaskedLayer;
import org.bame.method.PlanPromise;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.method.StraightThroughLayer;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.OutputAxisPromise;
import org.bame.sparsity.OutputAxisSelection;
import org.bame.sparsity.OutputPermutation;
import org.bame.sparsity.Support;

/**
 * Bi-Mask on one layer: SR-STE, but the input gradient multiplies by fewer weights, those which the forward mask keeps and
 * which are N:M along the outputs, in an order of the outputs searched now and then.
 */
final class BiMaskLayer implements LayerMethod {
    private static final long NEVER = -1;

    private final int index;
    private final MaskedLayer layer;
    private final BiMaskConfiguration configuration;
    private final long seed;
    private final OutputAxisSelection outputSelection;
    private final MaskTracker tracker;
    private final StraightThroughLayer denseStore;
    private final OutputPermutation permutation;
    private final Mask backward;
    private final ProductPlan plan;
    private final PlanPromise promise;
    private boolean stale = true;
    private long searches = NEVER;

    BiMaskLayer(
            int index,
            MaskedLayer layer,
            BiMaskConfiguration configuration,
            long seed,
            MaskTracker tracker,
            StraightThroughLayer denseStore,
            OutputAxisSelection outputSelection,
            NmPattern pattern) {
        this.index = index;
        this.layer = layer;
        this.configuration = configuration;
        this.seed = seed;
        this.outputSelection = outputSelection;
        this.tracker = tracker;
        this.denseStore = denseStore;
        this.permutation = new OutputPermutation(layer.shape());
        this.backward = Mask.full(layer.shape());
        this.plan = ProductPlan.of(Support.of(tracker.mask()), Support.of(backward), Support.DENSE);
        this.promise = PlanPromise.EXACT.and(new OutputAxisPromise(pattern, permutation));
    }

    /** Outputs in the order in which the backward mask is N:M along them; not to be changed. */
    int[] outputOrder() {
        return permutation.order();
    }

    @Override
    public ProductPlan plan(Step step) {
        denseStore.refreshMask();
        // Once an interval: before an evaluation a step is planned again, on other weights.
        long due = step.index() / configuration.permutationInterval();
        if (due != searches) {
            permutation.search(
                    tracker.mask(), outputSelection, configuration.permutations(), LayerRandom.of(seed, index, due));
            searches = due;
            stale = true;
        }
        if (stale) {
            outputSelection.select(layer.weights().segment(), tracker.mask(), permutation.order(), backward);
            stale = false;
        }
        return plan;
    }

    @Override
    public PlanPromise promise(Step step) {
        return promise;
    }

    @Override
    public void transformGradient(Step step) {
        denseStore.transformGradient(step);
    }

    @Override
    public void afterUpdate(Step step) {
        denseStore.afterUpdate(step);
        stale = true;
    }

    @Override
    public LayerStatistics drainStatistics() {
        return denseStore.drainStatistics();
    }

    @Override
    public void save(DataOutput out) throws IOException {
        denseStore.save(out);
        backward.save(out);
        permutation.save(out);
        out.writeLong(searches);
        out.writeBoolean(stale);
    }

    @Override
    public void restore(DataInput in) throws IOException {
        denseStore.restore(in);
        backward.restore(in);
        permutation.restore(in);
        searches = in.readLong();
        stale = in.readBoolean();
    }
}
