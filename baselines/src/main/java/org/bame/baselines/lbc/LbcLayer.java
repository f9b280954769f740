package org.bame.baselines.lbc;

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
import org.bame.sparsity.Mask;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.NmBlocks;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.Support;

/**
 * LBC on one layer: products use every weight that a candidate keeps which is left in its block. Other weights get no
 * gradient, and never come back.
 */
final class LbcLayer implements LayerMethod {
    private final MaskedLayer layer;
    private final SurvivorSchedule schedule;
    private final float momentum;
    private final float scoreDecay;
    private final CandidateScores scores;
    private final MaskTracker tracker;
    private final Mask next;
    private final ProductPlan plan;

    LbcLayer(
            MaskedLayer layer,
            NmPattern pattern,
            Candidates candidates,
            SurvivorSchedule schedule,
            double momentum,
            double scoreDecay) {
        this.layer = layer;
        this.schedule = schedule;
        this.momentum = (float) momentum;
        this.scoreDecay = (float) scoreDecay;
        this.scores = new CandidateScores(new NmBlocks(layer.shape(), pattern), candidates);
        this.tracker = new MaskTracker(layer.shape(), pattern);
        this.tracker.recordDense();
        this.next = Mask.empty(layer.shape(), pattern.rowGroup());
        Support support = Support.of(tracker.mask());
        this.plan = ProductPlan.of(support, support, support);
    }

    @Override
    public PlanPromise promise(Step step) {
        return schedule.survivors(step.index()) == 1 ? PlanPromise.EXACT : PlanPromise.of(MaskPromise.AT_LEAST);
    }

    @Override
    public ProductPlan plan(Step step) {
        if (scores.keepBest(schedule.survivors(step.index()))) {
            scores.unite(next);
            tracker.replace(next);
        }
        return plan;
    }

    /** Scores are trained beside the weights, by the same gradient. The last one of a block has nothing left to decide. */
    @Override
    public void transformGradient(Step step) {
        if (scores.survivors() > 1) {
            scores.train(
                    layer.weights(), layer.gradient(), (float) step.learningRate(), momentum, scoreDecay);
        }
    }

    /** A layer is frozen when one candidate a block is left. */
    @Override
    public LayerStatistics drainStatistics() {
        return tracker.drainStatistics(layer.name(), scores.survivors() == 1 ? 1 : 0);
    }

    @Override
    public void save(DataOutput out) throws IOException {
        tracker.save(out);
        scores.save(out);
    }

    @Override
    public void restore(DataInput in) throws IOException {
        tracker.restore(in);
        scores.restore(in);
    }
}
