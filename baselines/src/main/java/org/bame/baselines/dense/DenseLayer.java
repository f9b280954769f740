package org.bame.baselines.dense;

import java.io.DataInput;
import java.io.DataOutput;
import org.bame.method.LayerMethod;
import org.bame.method.LayerStatistics;
import org.bame.method.MaskedLayer;
import org.bame.method.ProductPlan;
import org.bame.method.Step;

/** A layer left as it is. */
public record DenseLayer(MaskedLayer layer) implements LayerMethod {
    @Override
    public ProductPlan plan(Step step) {
        return ProductPlan.DENSE;
    }

    @Override
    public LayerStatistics drainStatistics() {
        return new LayerStatistics(layer.name(), 1, 0, 0, 0, 1);
    }

    @Override
    public void save(DataOutput out) {}

    @Override
    public void restore(DataInput in) {}
}
