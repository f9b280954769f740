package org.bame.baselines.step;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.bame.method.LayerMethod;
import org.bame.method.LayerStatistics;
import org.bame.method.MaskTracker;
import org.bame.method.MaskedLayer;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.method.StraightThroughLayer;
import org.bame.sparsity.NmSelection;

/** STEP on one layer: dense and watched in phase 1, straight-through without a decay of masked weights in phase 2. */
final class StepLayer implements LayerMethod {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final PhaseSwitch phases;
    private final MaskTracker tracker;
    private final StraightThroughLayer masked;
    private final Storage moments;
    /** Before the update; only phase 1 needs them. */
    private Storage formerMoments;

    /**
     * One layer's part.
     *
     * @throws IllegalArgumentException if the optimizer keeps no second moments
     */
    StepLayer(MaskedLayer layer, NmSelection selection, PhaseSwitch phases) {
        this.phases = phases;
        this.tracker = new MaskTracker(layer.shape(), selection.pattern());
        this.masked = new StraightThroughLayer(layer, selection, 0, tracker);
        this.moments = layer.secondMoment()
                .orElseThrow(() -> new IllegalArgumentException("Layer '" + layer.name()
                        + "' has no second moments, which STEP watches: train it with AdamW"));
        this.formerMoments = Storage.allocate(ElementType.FLOAT, moments.size());
    }

    /** Number of weights. */
    long size() {
        return moments.size();
    }

    @Override
    public ProductPlan plan(Step step) {
        return phases.sparseAt(step.index()) ? masked.plan(step) : ProductPlan.DENSE;
    }

    /** Before the update. */
    @Override
    public void transformGradient(Step step) {
        if (!phases.sparseAt(step.index())) {
            formerMoments.copyFrom(moments);
        }
    }

    /** Behind an update of phase 1: the sum of {@code |v_t - v_(t-1)|}, or of its logarithm. */
    double sumOfChanges(StepConfiguration.Mean mean) {
        return switch (mean) {
            case ARITHMETIC -> sumOfSizes(moments.segment(), formerMoments.segment(), moments.size());
            case GEOMETRIC -> sumOfLogarithms(moments.segment(), formerMoments.segment(), moments.size());
        };
    }

    private static double sumOfSizes(MemorySegment now, MemorySegment before, long count) {
        double sum = 0;
        for (long i = 0; i < count; i++) {
            sum += Math.abs(now.getAtIndex(FLOAT, i) - before.getAtIndex(FLOAT, i));
        }
        return sum;
    }

    private static double sumOfLogarithms(MemorySegment now, MemorySegment before, long count) {
        double sum = 0;
        for (long i = 0; i < count; i++) {
            float change = Math.abs(now.getAtIndex(FLOAT, i) - before.getAtIndex(FLOAT, i));
            sum += StrictMath.log(Math.max(change, Float.MIN_NORMAL));
        }
        return sum;
    }

    /** Phase 2 begins with the next step. */
    void endPhaseOne() {
        formerMoments = null;
    }

    @Override
    public void afterUpdate(Step step) {
        masked.afterUpdate(step);
        if (!phases.sparseAt(step.index())) {
            tracker.recordDense();
        }
    }

    @Override
    public LayerStatistics drainStatistics() {
        return masked.drainStatistics();
    }

    @Override
    public void save(DataOutput out) throws IOException {
        masked.save(out);
    }

    @Override
    public void restore(DataInput in) throws IOException {
        masked.restore(in);
    }
}
