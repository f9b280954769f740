package org.bame.flops;

import org.bame.sparsity.LayerKind;
import org.bame.sparsity.WeightShape;

/**
 * A layer as the FLOPs account sees it.
 *
 * @param name in its network
 * @param kind what it is
 * @param weights shape (inputs per group)
 * @param positions output pixels (or tokens) of one sample
 */
public record WeightedLayer(String name, LayerKind kind, WeightShape weights, long positions) {
    /** Multiply-accumulates of the dense forward product for one sample. */
    public long macsPerSample() {
        return positions * weights.size();
    }
}
