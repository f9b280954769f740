package org.bame.baselines.dense2sparse;

import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.flops.CostVector;
import org.bame.flops.SteadyCosts;
import org.bame.sparsity.SparsityPattern;

/**
 * Costs of gradual pruning: all three products at the density of the step (Evci et al. 2020, appendix on FLOPs, count it so).
 * Until the last update, that a layer keeps a whole number of weights (of each output) is not accounted for.
 *
 * @param schedule of the run
 * @param target the layer's own pattern
 */
record GradualPruningCosts(PruningSchedule schedule, SparsityPattern target) implements CostModel {
    @Override
    public CostVector at(Account account, long step) {
        return SteadyCosts.masked(schedule.patternDuring(step, target)).at(account, step);
    }

    @Override
    public double deployedDensity() {
        return target.density();
    }
}
