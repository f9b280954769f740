package org.bame.baselines.decay;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.bame.method.LayerMethod;
import org.bame.method.LayerStatistics;
import org.bame.method.MaskTracker;
import org.bame.method.MaskedLayer;
import org.bame.method.PlanPromise;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.NmSelection;
import org.bame.sparsity.Support;

/**
 * Structure decay on one layer: straight-through training of a dense store, whose mask goes through one pattern after the
 * other.
 */
final class StructureDecayLayer implements LayerMethod {
    private final MaskedLayer layer;
    private final List<NmSelection> selections;
    private final PatternFrames frames;
    private final MaskTracker tracker;
    private final ProductPlan masked;
    private boolean stale = true;
    private int frame = -1;

    /**
     * One layer's part.
     *
     * @param selections one a frame; may be shared by layers that one thread serves
     * @throws IllegalArgumentException if a frame's M does not divide the layer's inputs
     */
    StructureDecayLayer(MaskedLayer layer, List<NmSelection> selections, PatternFrames frames) {
        for (NmPattern pattern : frames.patterns()) {
            if (layer.shape().inputs() % pattern.m() != 0) {
                throw new IllegalArgumentException("Layer '" + layer.name() + "' has " + layer.shape().inputs()
                        + " inputs, which M of frame " + pattern
                        + " does not divide: lower span, or use variant NM, whose frames all have the target's M");
            }
        }
        this.layer = layer;
        this.selections = selections;
        this.frames = frames;
        this.tracker = new MaskTracker(layer.shape(), frames.patterns().getLast());
        Support support = Support.of(tracker.mask());
        this.masked = ProductPlan.of(support, support, Support.DENSE);
    }

    /** Exactly the pattern of the step's frame, whatever the run's is. */
    @Override
    public PlanPromise promise(Step step) {
        NmPattern now = frames.patterns().get(frames.frame(step.index()));
        return PlanPromise.of((mask, own) -> MaskPromise.EXACT.require(mask, now));
    }

    @Override
    public ProductPlan plan(Step step) {
        if (frames.isDense(step.index())) {
            tracker.recordDense();
            return ProductPlan.DENSE;
        }
        int now = frames.frame(step.index());
        if (stale || now != frame) {
            tracker.recordUpdate(selections.get(now).select(layer.weights().segment(), tracker.mask()));
            stale = false;
            frame = now;
        }
        return masked;
    }

    @Override
    public void afterUpdate(Step step) {
        stale = true;
    }

    @Override
    public LayerStatistics drainStatistics() {
        return tracker.drainStatistics(layer.name(), 0);
    }

    @Override
    public void save(DataOutput out) throws IOException {
        tracker.save(out);
        out.writeBoolean(stale);
        out.writeInt(frame);
    }

    @Override
    public void restore(DataInput in) throws IOException {
        tracker.restore(in);
        stale = in.readBoolean();
        frame = in.readInt();
    }
}
