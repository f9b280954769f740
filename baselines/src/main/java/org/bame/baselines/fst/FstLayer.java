package org.bame.baselines.fst;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.bame.method.LayerMethod;
import org.bame.method.LayerStatistics;
import org.bame.method.MaskArithmetic;
import org.bame.method.MaskTracker;
import org.bame.method.MaskedLayer;
import org.bame.method.OutputGradientSample;
import org.bame.method.PlanPromise;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.sparsity.Mask;
import org.bame.sparsity.OutputAxisPromise;
import org.bame.sparsity.Support;

/** FST on one layer: a dense store behind a transposable mask that is chosen now and then; dense at the end. */
final class FstLayer implements LayerMethod {
    private static final long NEVER = -1;

    private final MaskedLayer layer;
    private final FstConfiguration configuration;
    private final TileSelection selection;
    private final long denseFrom;
    private final MaskTracker tracker;
    private final Mask next;
    private final ProductPlan sparsePlan;
    private final PlanPromise promise;
    private long chosenAt = NEVER;
    private boolean dense;

    FstLayer(
            MaskedLayer layer,
            FstConfiguration configuration,
            TileSelection selection,
            long denseFrom,
            MaskTracker tracker,
            OutputGradientSample sample) {
        this.layer = layer;
        this.configuration = configuration;
        this.selection = selection;
        this.denseFrom = denseFrom;
        this.tracker = tracker;
        this.next = Mask.empty(layer.shape());
        Support support = Support.of(tracker.mask());
        this.sparsePlan = ProductPlan.of(support, support, Support.DENSE).with(sample);
        this.promise = PlanPromise.EXACT.and(
                OutputAxisPromise.inMemoryOrder(TileSelection.PATTERN, layer.shape()));
    }

    @Override
    public ProductPlan plan(Step step) {
        if (step.index() >= denseFrom) {
            endSparsePhase();
            return ProductPlan.DENSE;
        }
        if (chosenAt == NEVER || chosenAt != step.index() && step.index() % configuration.interval() == 0) {
            selection.select(layer.weights(), next);
            tracker.replace(next);
            chosenAt = step.index();
        }
        return sparsePlan;
    }

    @Override
    public PlanPromise promise(Step step) {
        return promise;
    }

    private void endSparsePhase() {
        if (!dense) {
            next.keepAll();
            tracker.replace(next);
            dense = true;
        }
    }

    /** While all weights are kept there is none to decay. */
    @Override
    public void transformGradient(Step step) {
        MaskArithmetic.addMaskedDecay(layer.weights(), tracker.mask(), configuration.lambda(), layer.gradient());
    }

    @Override
    public LayerStatistics drainStatistics() {
        return tracker.drainStatistics(layer.name(), 0);
    }

    @Override
    public void save(DataOutput out) throws IOException {
        tracker.save(out);
        out.writeLong(chosenAt);
        out.writeBoolean(dense);
    }

    @Override
    public void restore(DataInput in) throws IOException {
        tracker.restore(in);
        chosenAt = in.readLong();
        dense = in.readBoolean();
    }
}
