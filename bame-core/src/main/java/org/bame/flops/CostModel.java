package org.bame.flops;

import java.util.stream.LongStream;
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

    /** Whether a run of so many steps is dense from its first to its last, and what it deploys is. */
    default boolean denseThroughout(long steps) {
        return deployedDensity() == 1
                && LongStream.range(0, steps).allMatch(step -> at(Account.PAPER, step).equals(CostVector.DENSE));
    }

    /**
     * The costs of one layer, where layers differ (by what of a layer is low-rank, or because the method leaves it dense); by
     * default all cost alike. Layers that cost alike have equal models.
     */
    default CostModel on(WeightedLayer layer) {
        return this;
    }
}
