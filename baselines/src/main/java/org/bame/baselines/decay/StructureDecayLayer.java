package org.bame.baselines.decay;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.bame.method.DenseStoreLayer;
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
final class StructureDecayLayer extends DenseStoreLayer {
    private final List<NmSelection> selections;
    private final PatternFrames frames;
    private final ProductPlan masked;
    private int frame = -1;

    /**
     * One layer's part.
     *
     * @param selections one a frame; may be shared by layers that one thread serves
     * @throws IllegalArgumentException if a frame's M does not divide the layer's inputs
     */
    StructureDecayLayer(MaskedLayer layer, List<NmSelection> selections, PatternFrames frames) {
        super(layer, new MaskTracker(layer.shape(), frames.patterns().getLast()));
        for (NmPattern pattern : frames.patterns()) {
            if (layer.shape().inputs() % pattern.m() != 0) {
                throw new IllegalArgumentException("Layer '" + layer.name() + "' has " + layer.shape().inputs()
                        + " inputs, which M of frame " + pattern
                        + " does not divide: lower span, or use variant NM, whose frames all have the target's M");
            }
        }
        this.selections = selections;
        this.frames = frames;
        Support support = Support.of(tracker().mask());
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
            tracker().recordDense();
            return ProductPlan.DENSE;
        }
        int now = frames.frame(step.index());
        if (stale() || now != frame) {
            tracker().recordUpdate(selections.get(now).select(layer().weights().segment(), tracker().mask()));
            markChosen();
            frame = now;
        }
        return masked;
    }

    @Override
    public void save(DataOutput out) throws IOException {
        super.save(out);
        out.writeInt(frame);
    }

    @Override
    public void restore(DataInput in) throws IOException {
        super.restore(in);
        frame = in.readInt();
    }
}
