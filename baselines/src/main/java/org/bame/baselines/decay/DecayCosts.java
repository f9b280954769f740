package org.bame.baselines.decay;

import java.util.function.LongToDoubleFunction;
import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.flops.CostVector;
import org.bame.flops.SteadyCosts;

/**
 * Costs of a dense store of which products use another share over time, (d, 1, 1) in the papers' account (methods.md 3.1).
 *
 * @param density by step, of the weights that are not zero in the forward product; they are N:M for some N
 * @param deployedDensity at the end
 */
record DecayCosts(LongToDoubleFunction density, double deployedDensity) implements CostModel {
    @Override
    public CostVector at(Account account, long step) {
        return SteadyCosts.maskedForward(density.applyAsDouble(step)).at(account, step);
    }
}
