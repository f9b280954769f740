package org.bame.layer;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.bame.method.LayerMethod;
import org.bame.method.LayerStatistics;
import org.bame.method.LayerwiseMethod;
import org.bame.method.MaskTracker;
import org.bame.method.MaskedLayer;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.method.StraightThroughLayer;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.NmSelection;

/** Straight-through for tests, on effective weights {@code factor * w + summand}; none if these are the stored ones. */
record ScaledLayer(MaskedLayer layer, double factor, double summand, StraightThroughLayer inner, Storage effective)
        implements
            LayerMethod {
    /** A method that does this to every layer. */
    static TrainingMethod method(NmPattern pattern, double factor, double summand) {
        return new LayerwiseMethod<>(
                "scaled",
                "factor " + factor + ", summand " + summand,
                (index, layer) -> new ScaledLayer(
                        layer,
                        factor,
                        summand,
                        new StraightThroughLayer(
                                layer, new NmSelection(pattern), 1e-3, new MaskTracker(layer.shape(), pattern)),
                        Storage.allocate(ElementType.FLOAT, layer.shape().size())));
    }

    @Override
    public ProductPlan plan(Step step) {
        ProductPlan plan = inner.plan(step);
        if (factor == 1 && summand == 0) {
            return plan;
        }
        for (int i = 0; i < effective.size(); i++) {
            effective.set(i, factor * layer.weights().get(i) + summand);
        }
        ProductPlan scaled = new ProductPlan(plan.forward(), plan.inputGradient(), plan.weightGradient(), effective);
        return summand == 0 ? scaled : scaled.asSum();
    }

    @Override
    public void transformGradient(Step step) {
        inner.transformGradient(step);
    }

    @Override
    public void afterUpdate(Step step) {
        inner.afterUpdate(step);
    }

    @Override
    public LayerStatistics drainStatistics() {
        return inner.drainStatistics();
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
