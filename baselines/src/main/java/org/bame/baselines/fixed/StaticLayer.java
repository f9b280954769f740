package org.bame.baselines.fixed;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.random.RandomGenerator;
import org.bame.method.LayerMethod;
import org.bame.method.LayerStatistics;
import org.bame.method.MaskArithmetic;
import org.bame.method.MaskTracker;
import org.bame.method.MaskedLayer;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.sparsity.MaskSelection;
import org.bame.sparsity.Support;

/** A random mask, drawn when training starts and never changed. */
final class StaticLayer implements LayerMethod {
    private final MaskedLayer layer;
    private final RandomGenerator random;
    private final MaskTracker tracker;
    private final ProductPlan plan;
    private boolean pruned;

    StaticLayer(MaskedLayer layer, RandomGenerator random) {
        this.layer = layer;
        this.random = random;
        this.tracker = new MaskTracker(layer.shape(), layer.pattern());
        Support support = Support.of(tracker.mask());
        this.plan = ProductPlan.of(support, support, support);
    }

    @Override
    public ProductPlan plan(Step step) {
        // Not when attached: a checkpoint may be about to restore another run's weights.
        if (!pruned) {
            tracker.recordUpdate(MaskSelection.of(layer.pattern()).selectRandom(random, tracker.mask()));
            MaskArithmetic.prune(layer, tracker.mask());
            pruned = true;
        }
        return plan;
    }

    @Override
    public LayerStatistics drainStatistics() {
        return tracker.drainStatistics(layer.name(), 1);
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeBoolean(pruned);
        tracker.save(out);
    }

    @Override
    public void restore(DataInput in) throws IOException {
        pruned = in.readBoolean();
        tracker.restore(in);
    }
}
