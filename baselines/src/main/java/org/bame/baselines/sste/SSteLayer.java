package org.bame.baselines.sste;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.bame.method.DenseStoreLayer;
import org.bame.method.MaskTracker;
import org.bame.method.MaskedLayer;
import org.bame.method.OutputGradientSample;
import org.bame.method.PlanPromise;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.sparsity.Mask;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.Support;

/**
 * S-STE on one layer: products multiply by beta S(w), whose gradient goes to the dense store w as it is. Beta is computed when
 * training starts and stays.
 */
final class SSteLayer extends DenseStoreLayer {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final SoftThresholding thresholding;
    private final Mask next;
    private final Storage effectiveWeights;
    private final ProductPlan plan;
    private boolean effective;
    /** NaN before the first step. */
    private double beta = Double.NaN;

    SSteLayer(MaskedLayer layer, SoftThresholding thresholding, OutputGradientSample sample) {
        super(layer, new MaskTracker(layer.shape(), thresholding.pattern()));
        this.thresholding = thresholding;
        this.next = Mask.empty(layer.shape(), thresholding.pattern().rowGroup());
        this.effectiveWeights = Storage.allocate(ElementType.FLOAT, layer.shape().size());
        Support support = Support.of(tracker().mask());
        this.plan = new ProductPlan(support, support, Support.DENSE, effectiveWeights, sample);
    }

    /** Weights that tie with the threshold become 0 with it. */
    @Override
    public PlanPromise promise(Step step) {
        return PlanPromise.of(MaskPromise.AT_MOST);
    }

    @Override
    public ProductPlan plan(Step step) {
        if (stale() || !effective) {
            thresholding.compute(layer().weights(), next, effectiveWeights);
            if (Double.isNaN(beta)) {
                beta = SoftThresholding.scale(layer().weights(), effectiveWeights);
            }
            scale((float) beta);
            if (stale()) {
                tracker().replace(next);
                markChosen();
            }
            effective = true;
        }
        return plan;
    }

    private void scale(float factor) {
        MemorySegment segment = effectiveWeights.segment();
        for (long i = 0; i < effectiveWeights.size(); i++) {
            segment.setAtIndex(FLOAT, i, segment.getAtIndex(FLOAT, i) * factor);
        }
    }

    @Override
    public void save(DataOutput out) throws IOException {
        super.save(out);
        out.writeDouble(beta);
    }

    @Override
    public void restore(DataInput in) throws IOException {
        super.restore(in);
        beta = in.readDouble();
        effective = false;
    }
}
