package org.bame.layer;

import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.bame.method.ProductPlan;

/**
 * A sparse layer's plan for the time when the average of its weights stands in their place: the supports stay, and a
 * method's effective weights keep their ratio to the stored ones, so that soft masks and scales stay too. (Where a stored
 * weight is 0 there is no ratio, and the effective weight stays.)
 */
final class AveragedPlan {
    private final ProductLayer layer;
    private final long position;
    /** The layer's own plan while the average is in place; else null. */
    private ProductPlan usual;
    /** Made when it is first needed. */
    private Storage effective;

    /**
     * A layer's.
     *
     * @param position of its weights in the graph's vector
     */
    AveragedPlan(ProductLayer layer, long position) {
        this.layer = layer;
        this.position = position;
    }

    /** The average and the weights have changed places. */
    void enter(WeightAverage average) {
        usual = layer.plan();
        if (usual.effectiveWeights() == null) {
            layer.plan(usual);
            return;
        }
        Storage stored = average.replaced(position, layer.weights().size());
        if (effective == null) {
            effective = Storage.allocate(ElementType.FLOAT, stored.size());
        }
        for (long i = 0; i < stored.size(); i++) {
            double scaled = usual.effectiveWeights().get(i);
            double weight = stored.get(i);
            double averaged = layer.weights().get(i);
            if (usual.effectiveWeightsAreSum()) {
                effective.set(i, averaged + (scaled - weight));
            } else {
                effective.set(i, weight == 0 ? scaled : averaged * (scaled / weight));
            }
        }
        layer.plan(new ProductPlan(usual.forward(), usual.inputGradient(), usual.weightGradient(), effective));
    }

    /** They have changed back. Does nothing before {@link #enter}. */
    void leave() {
        if (usual != null) {
            layer.plan(usual);
            usual = null;
        }
    }
}
