package org.bame.baselines.transposable;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.bame.method.LayerMethod;
import org.bame.method.LayerStatistics;
import org.bame.method.MaskTracker;
import org.bame.method.MaskedLayer;
import org.bame.method.PlanPromise;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.sparsity.Support;
import org.bame.sparsity.TransposableSelection;

/**
 * Transposable masks on one layer from scratch: a dense store, whose mask is chosen anew every so many steps and stays in
 * between. All weights receive the gradient as if there were no mask; masked ones do not decay.
 */
final class DynamicTransposableLayer implements LayerMethod {
    private static final long NEVER = -1;

    private final MaskedLayer layer;
    private final TransposableSelection selection;
    private final int refreshInterval;
    private final PlanPromise promise;
    private final MaskTracker tracker;
    private final ProductPlan plan;
    private long refreshes = NEVER;

    DynamicTransposableLayer(
            MaskedLayer layer, TransposableSelection selection, int refreshInterval, PlanPromise promise) {
        this.layer = layer;
        this.selection = selection;
        this.refreshInterval = refreshInterval;
        this.promise = promise;
        this.tracker = new MaskTracker(layer.shape(), selection.pattern());
        Support support = Support.of(tracker.mask());
        this.plan = ProductPlan.of(support, support, Support.DENSE);
    }

    /** Once an interval: before an evaluation a step is planned again, on weights that the mask was not chosen for. */
    @Override
    public ProductPlan plan(Step step) {
        long due = step.index() / refreshInterval;
        if (due != refreshes) {
            tracker.recordUpdate(selection.select(layer.weights().segment(), tracker.mask()));
            refreshes = due;
        }
        return plan;
    }

    @Override
    public PlanPromise promise(Step step) {
        return promise;
    }

    @Override
    public LayerStatistics drainStatistics() {
        return tracker.drainStatistics(layer.name(), 0);
    }

    @Override
    public void save(DataOutput out) throws IOException {
        tracker.save(out);
        out.writeLong(refreshes);
    }

    @Override
    public void restore(DataInput in) throws IOException {
        tracker.restore(in);
        refreshes = in.readLong();
    }
}
