package org.bame.baselines.transposable;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.bame.method.LayerMethod;
import org.bame.method.LayerStatistics;
import org.bame.method.MaskArithmetic;
import org.bame.method.MaskTracker;
import org.bame.method.MaskedLayer;
import org.bame.method.PlanPromise;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.sparsity.Support;
import org.bame.sparsity.TransposableSelection;

/** Transposable masks on one layer of a trained network: dense, then pruned once; from there on pruned weights stay 0. */
final class StaticTransposableLayer implements LayerMethod {
    private final MaskedLayer layer;
    private final TransposableSelection selection;
    private final long pruneStep;
    private final PlanPromise promise;
    private final MaskTracker tracker;
    private final ProductPlan sparsePlan;
    private boolean pruned;

    StaticTransposableLayer(
            MaskedLayer layer, TransposableSelection selection, long pruneStep, PlanPromise promise) {
        this.layer = layer;
        this.selection = selection;
        this.pruneStep = pruneStep;
        this.promise = promise;
        this.tracker = new MaskTracker(layer.shape(), selection.pattern());
        Support support = Support.of(tracker.mask());
        this.sparsePlan = ProductPlan.of(support, support, support);
    }

    @Override
    public ProductPlan plan(Step step) {
        if (step.index() < pruneStep) {
            tracker.recordDense();
            return ProductPlan.DENSE;
        }
        if (!pruned) {
            tracker.recordUpdate(selection.select(layer.weights().segment(), tracker.mask()));
            MaskArithmetic.prune(layer, tracker.mask());
            pruned = true;
        }
        return sparsePlan;
    }

    @Override
    public PlanPromise promise(Step step) {
        return promise;
    }

    @Override
    public LayerStatistics drainStatistics() {
        return tracker.drainStatistics(layer.name(), pruned ? 1 : 0);
    }

    @Override
    public void save(DataOutput out) throws IOException {
        tracker.save(out);
        out.writeBoolean(pruned);
    }

    @Override
    public void restore(DataInput in) throws IOException {
        tracker.restore(in);
        pruned = in.readBoolean();
    }
}
