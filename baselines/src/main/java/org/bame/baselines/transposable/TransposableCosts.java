package org.bame.baselines.transposable;

import org.bame.baselines.transposable.TransposableConfiguration.Layout;
import org.bame.baselines.transposable.TransposableConfiguration.Variant;
import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.flops.CostVector;
import org.bame.flops.SteadyCosts;

/**
 * Costs of transposable masks (methods.md 3.1): forward and input gradient at density d, the weight gradient dense. With a
 * fixed mask it is not computed for pruned weights here, which no paper counts. Before the pruning of the static variant all
 * is dense.
 *
 * @param pruneStep first step with masks
 * @param masked from there on
 */
record TransposableCosts(long pruneStep, SteadyCosts masked) implements CostModel {
    static TransposableCosts of(Variant variant, Layout layout, long pruneStep, double density) {
        CostVector published = new CostVector(density, density, 1);
        CostVector executed = variant == Variant.STATIC ? new CostVector(density, density, density) : published;
        CostVector hardware = layout == Layout.TILE ? published : new CostVector(density, 1, 1);
        return new TransposableCosts(pruneStep, new SteadyCosts(published, executed, hardware, density));
    }

    @Override
    public CostVector at(Account account, long step) {
        return step < pruneStep ? CostVector.DENSE : masked.at(account, step);
    }

    @Override
    public double deployedDensity() {
        return masked.deployedDensity();
    }
}
