package org.bame.baselines.step;

import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.flops.CostVector;
import org.bame.flops.SteadyCosts;

/**
 * Costs of STEP: dense, then SR-STE's (methods.md 3.1). Data decide when: before a run the latest step is assumed, behind it
 * the account is that of the step at which it switched.
 *
 * @param firstSparseStep of phase 2, from 0
 * @param density of the pattern
 */
record StepCosts(long firstSparseStep, double density) implements CostModel {
    @Override
    public CostVector at(Account account, long step) {
        SteadyCosts phase = step < firstSparseStep ? SteadyCosts.DENSE : SteadyCosts.maskedForward(density);
        return phase.at(account, step);
    }

    @Override
    public double deployedDensity() {
        return density;
    }
}
