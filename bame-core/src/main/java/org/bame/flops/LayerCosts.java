package org.bame.flops;

import org.bame.sparsity.SparsityPattern;

/** What a method costs on each sparse layer of a network, whose densities may differ. */
@FunctionalInterface
public interface LayerCosts {
    /**
     * Costs on the layers that follow one pattern.
     *
     * @param pattern a layer's own ({@link LayerSparsity#pattern})
     */
    CostModel on(SparsityPattern pattern);
}
