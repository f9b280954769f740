package org.bame.baselines.asp;

import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.flops.CostVector;
import org.bame.flops.SteadyCosts;

/**
 * Costs of ASP: dense, then those of a fixed mask. The papers' account charges only the forward product at the mask's density
 * (methods.md 3.1); here the masked weight gradient is not computed either. N:M hardware gains what is said of permuted masks
 * only if producers are permuted too.
 *
 * @param pruneStep first step with the mask
 * @param density of the mask
 */
record AspCosts(long pruneStep, double density) implements CostModel {
    @Override
    public CostVector at(Account account, long step) {
        if (step < pruneStep) {
            return CostVector.DENSE;
        }
        SteadyCosts retraining =
                account == Account.CPU_EXECUTED ? SteadyCosts.masked(density) : SteadyCosts.maskedForward(density);
        return retraining.at(account, step);
    }

    @Override
    public double deployedDensity() {
        return density;
    }
}
