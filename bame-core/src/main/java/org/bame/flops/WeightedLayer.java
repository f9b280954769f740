package org.bame.flops;

import org.bame.sparsity.LayerKind;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.Sparsifiability;
import org.bame.sparsity.WeightShape;

/**
 * A layer as the FLOPs account sees it.
 *
 * @param name in its network
 * @param kind what it is
 * @param weights shape (inputs per group)
 * @param positions output pixels (or tokens) of one sample
 * @param keptDense whether its network keeps it dense whatever its kind
 */
public record WeightedLayer(
        String name, LayerKind kind, WeightShape weights, long positions, boolean keptDense) {
    /** A layer of which its kind and shape decide whether it is sparse. */
    public WeightedLayer(String name, LayerKind kind, WeightShape weights, long positions) {
        this(name, kind, weights, positions, false);
    }

    /** Whether it is made sparse, and why (not). */
    public Sparsifiability sparsifiability(SparsityPattern pattern) {
        return keptDense
                ? new Sparsifiability(false, "the network keeps this layer dense")
                : Sparsifiability.of(kind, weights, pattern);
    }

    /** Multiply-accumulates of the dense forward product for one sample. */
    public long macsPerSample() {
        return positions * weights.size();
    }
}
