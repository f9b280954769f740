package org.bame.baselines.maxq;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.bame.method.DenseStoreLayer;
import org.bame.method.MaskArithmetic;
import org.bame.method.MaskTracker;
import org.bame.method.MaskedLayer;
import org.bame.method.PlanPromise;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.sparsity.Mask;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.Support;

/** MaxQ on one layer: a dense store, whose mask and strengthened weights follow it at every step. */
final class MaxQLayer extends DenseStoreLayer {
    private final DenseShareRamp ramp;
    private final ProgressiveMask progressiveMask;
    private final MultiAxisQuery query;
    private final double lambda;
    private final Mask next;
    private final Storage effectiveWeights;
    private final ProductPlan plan;
    private boolean effective;
    private double denseShare = Double.NaN;

    MaxQLayer(
            MaskedLayer layer,
            DenseShareRamp ramp,
            ProgressiveMask progressiveMask,
            MultiAxisQuery query,
            double lambda) {
        super(layer, new MaskTracker(layer.shape(), progressiveMask.pattern()));
        this.ramp = ramp;
        this.progressiveMask = progressiveMask;
        this.query = query;
        this.lambda = lambda;
        this.next = Mask.empty(layer.shape(), progressiveMask.pattern().rowGroup());
        this.effectiveWeights = Storage.allocate(ElementType.FLOAT, layer.shape().size());
        Support support = Support.of(tracker().mask());
        this.plan = new ProductPlan(support, support, Support.DENSE, effectiveWeights);
    }

    @Override
    public ProductPlan plan(Step step) {
        double share = ramp.at(step.index() / step.perEpoch());
        if (stale() || share != denseShare) {
            progressiveMask.choose(layer().weights(), share, next);
            tracker().replace(next);
            markChosen();
            denseShare = share;
            effective = false;
        }
        if (!effective) {
            query.compute(tracker().mask(), layer().weights(), effectiveWeights);
            effective = true;
        }
        return plan;
    }

    @Override
    public PlanPromise promise(Step step) {
        return ramp.at(step.index() / step.perEpoch()) > 0 ? PlanPromise.of(MaskPromise.AT_LEAST) : PlanPromise.EXACT;
    }

    /** The gradient of the effective weight goes to the stored weight unscaled; masked weights decay as in SR-STE. */
    @Override
    public void transformGradient(Step step) {
        MaskArithmetic.addMaskedDecay(layer().weights(), tracker().mask(), lambda, layer().gradient());
    }

    @Override
    public void save(DataOutput out) throws IOException {
        super.save(out);
        out.writeDouble(denseShare);
    }

    @Override
    public void restore(DataInput in) throws IOException {
        super.restore(in);
        denseShare = in.readDouble();
        effective = false;
    }
}
