package org.bame.baselines.dense2sparse;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.bame.kernel.Storage;
import org.bame.method.LayerMethod;
import org.bame.method.LayerStatistics;
import org.bame.method.MaskArithmetic;
import org.bame.method.MaskTracker;
import org.bame.method.MaskedLayer;
import org.bame.method.PlanPromise;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.sparsity.Mask;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.MaskSelection;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.Support;

/**
 * Gradual pruning of one layer. An update happens between the products of its step, whose gradient the score may need, and the
 * optimizer. Weights once pruned stay 0 and get no gradient. An update to another density makes a selection anew; no other
 * call allocates.
 */
final class GradualPruningLayer implements LayerMethod {
    private final MaskedLayer layer;
    private final PruningScore score;
    private final PruningSchedule schedule;
    private final MaskTracker tracker;
    private final ProductPlan sparsePlan;
    private final float[] scores;
    private boolean sparse;

    GradualPruningLayer(MaskedLayer layer, PruningScore score, PruningSchedule schedule) {
        this.layer = layer;
        this.score = score;
        this.schedule = schedule;
        this.tracker = new MaskTracker(layer.shape(), layer.pattern());
        Support support = Support.of(tracker.mask());
        this.sparsePlan = ProductPlan.of(support, support, support);
        this.scores = new float[layer.shape().size()];
    }

    @Override
    public ProductPlan plan(Step step) {
        return sparse ? sparsePlan : ProductPlan.DENSE;
    }

    @Override
    public PlanPromise promise(Step step) {
        SparsityPattern own = layer.pattern();
        boolean pruned = schedule.patternDuring(step.index(), own).equals(own);
        return pruned ? PlanPromise.EXACT : PlanPromise.of(MaskPromise.AT_LEAST);
    }

    @Override
    public void transformGradient(Step step) {
        if (!sparse) {
            tracker.recordDense();
        }
        if (schedule.updatesAt(step.index())) {
            SparsityPattern pattern = schedule.patternBehind(step.index(), layer.pattern());
            if (!pattern.isDense()) {
                prune(pattern);
            }
        }
    }

    private void prune(SparsityPattern pattern) {
        Mask mask = tracker.mask();
        Storage weights = layer.weights();
        Storage gradient = layer.gradient();
        for (int i = 0; i < scores.length; i++) {
            // A kept weight outranks a pruned one even if its own score is 0.
            scores[i] = mask.get(i)
                    ? Math.max(Float.MIN_VALUE, (float) score.of(weights.get(i), gradient.get(i)))
                    : 0;
        }
        tracker.recordUpdate(MaskSelection.of(pattern).select(scores, mask));
        MaskArithmetic.prune(layer, mask);
        MaskArithmetic.zeroOutside(mask, gradient);
        sparse = true;
    }

    @Override
    public LayerStatistics drainStatistics() {
        return tracker.drainStatistics(layer.name(), 0);
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeBoolean(sparse);
        tracker.save(out);
    }

    @Override
    public void restore(DataInput in) throws IOException {
        sparse = in.readBoolean();
        tracker.restore(in);
    }
}
