package org.bame.baselines.decay;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.bame.method.DenseStoreLayer;
import org.bame.method.LayerStatistics;
import org.bame.method.MaskArithmetic;
import org.bame.method.MaskTracker;
import org.bame.method.MaskedLayer;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.sparsity.NmSelection;
import org.bame.sparsity.Support;

/**
 * Mask decay on one layer: a dense store, of which products use {@code w (m + (1 - m) beta)}, m being the N largest weights
 * of each block at every step. While beta is above 0 nothing is zero, and every product is dense. All weights receive the
 * gradient of the effective weight, unscaled.
 */
final class MaskDecayLayer extends DenseStoreLayer {
    private final NmSelection selection;
    private final BetaSchedule schedule;
    private final Storage effectiveWeights;
    private final ProductPlan fading;
    private final ProductPlan masked;
    private boolean sparse;
    private double effectiveBeta = Double.NaN;

    MaskDecayLayer(MaskedLayer layer, NmSelection selection, BetaSchedule schedule) {
        super(layer, new MaskTracker(layer.shape(), selection.pattern()));
        this.selection = selection;
        this.schedule = schedule;
        this.effectiveWeights = Storage.allocate(ElementType.FLOAT, layer.shape().size());
        this.fading = new ProductPlan(Support.DENSE, Support.DENSE, Support.DENSE, effectiveWeights);
        Support support = Support.of(tracker().mask());
        this.masked = ProductPlan.of(support, support, Support.DENSE);
    }

    @Override
    public ProductPlan plan(Step step) {
        if (schedule.isDense(step.index())) {
            tracker().recordDense();
            return ProductPlan.DENSE;
        }
        if (stale()) {
            tracker().recordUpdate(selection.select(layer().weights().segment(), tracker().mask()));
            markChosen();
            effectiveBeta = Double.NaN;
        }
        double beta = schedule.beta(step.index());
        sparse = beta == 0;
        if (sparse) {
            return masked;
        }
        tracker().recordDense();
        if (beta != effectiveBeta) {
            effectiveWeights.copyFrom(layer().weights());
            MaskArithmetic.scaleOutside(tracker().mask(), beta, effectiveWeights);
            effectiveBeta = beta;
        }
        return fading;
    }

    /** Of the weights that products use: all of them while beta is above 0. Flips are the mask's. */
    @Override
    public LayerStatistics drainStatistics() {
        LayerStatistics mask = super.drainStatistics();
        return sparse
                ? mask
                : new LayerStatistics(mask.layer(), 1, mask.maskUpdates(), mask.flipRate(), 0, mask.everActiveShare());
    }

    @Override
    public void save(DataOutput out) throws IOException {
        super.save(out);
        out.writeBoolean(sparse);
    }

    @Override
    public void restore(DataInput in) throws IOException {
        super.restore(in);
        sparse = in.readBoolean();
        effectiveBeta = Double.NaN;
    }
}
