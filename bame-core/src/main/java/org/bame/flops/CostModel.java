package org.bame.flops;

/** What one step of a method costs on a sparsifiable layer, in each account. Arithmetic alone: nothing is measured. */
public interface CostModel {
    /**
     * Cost at one step.
     *
     * @param account the convention
     * @param step optimizer step, from 0
     */
    CostVector at(Account account, long step);

    /** Density of the deployed forward product, for the test ratio. */
    double deployedDensity();

    /**
     * The costs of one layer, where layers differ (by what of a layer is low-rank, or because the method leaves it dense); by
     * default all cost alike. Layers that cost alike have equal models.
     */
    default CostModel on(WeightedLayer layer) {
        return this;
    }
}
