package org.bame.flops;

import org.bame.sparsity.SparsityPattern;

/**
 * What one step of a method costs on a sparse layer, in each account. Arithmetic alone: nothing is measured. As
 * {@link LayerCosts} it is the cost on every layer.
 */
public interface CostModel extends LayerCosts {
    /**
     * Cost at one step.
     *
     * @param account the convention
     * @param step optimizer step, from 0
     */
    CostVector at(Account account, long step);

    /** Density of the deployed forward product, for the test ratio. */
    double deployedDensity();

    @Override
    default CostModel on(SparsityPattern pattern) {
        return this;
    }
}
