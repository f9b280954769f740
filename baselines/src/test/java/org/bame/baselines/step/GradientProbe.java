package org.bame.baselines.step;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.bame.flops.CostModel;
import org.bame.method.Adaptation;
import org.bame.method.LayerStatistics;
import org.bame.method.MaskedLayer;
import org.bame.method.Preconditioner;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.Support;

/** Keeps the only layer's gradient and mask of a step, as the optimizer and the products got them. */
final class GradientProbe implements TrainingMethod {
    private final StepMethod inner;
    private MaskedLayer layer;
    private Support support;
    private float[] gradient;

    GradientProbe(StepMethod inner) {
        this.inner = inner;
    }

    StepMethod inner() {
        return inner;
    }

    float[] gradient() {
        return gradient;
    }

    boolean[] mask() {
        boolean[] kept = new boolean[layer.shape().size()];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = !(support instanceof Support.Masked masked) || masked.mask().get(i);
        }
        return kept;
    }

    @Override
    public void attach(List<MaskedLayer> layers) {
        layer = layers.getFirst();
        inner.attach(layers);
    }

    @Override
    public ProductPlan plan(int index, Step step) {
        ProductPlan plan = inner.plan(index, step);
        support = plan.forward();
        return plan;
    }

    @Override
    public void transformGradients(Step step) {
        inner.transformGradients(step);
        gradient = new float[layer.shape().size()];
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = (float) layer.gradient().get(i);
        }
    }

    @Override
    public Preconditioner preconditioner(Step step) {
        return inner.preconditioner(step);
    }

    @Override
    public void afterUpdate(Step step) {
        inner.afterUpdate(step);
    }

    @Override
    public CostModel costs(CostModel planned) {
        return inner.costs(planned);
    }

    @Override
    public List<LayerStatistics> statistics() {
        return inner.statistics();
    }

    @Override
    public List<Adaptation> drainAdaptations() {
        return inner.drainAdaptations();
    }

    @Override
    public void save(DataOutput out) throws IOException {
        inner.save(out);
    }

    @Override
    public void restore(DataInput in) throws IOException {
        inner.restore(in);
    }
}
