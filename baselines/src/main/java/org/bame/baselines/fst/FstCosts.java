package org.bame.baselines.fst;

import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.flops.CostVector;
import org.bame.method.MethodContext;

/**
 * Costs of FST (methods.md 3.1): (d, d, d), then dense. The weight gradient gains from zeros in lanes of dY, which our kernels do
 * not skip: executed, it is dense.
 */
record FstCosts(double density, long denseFrom, long totalSteps, boolean sampled) implements CostModel {
    static FstCosts of(FstConfiguration configuration, MethodContext context) {
        return new FstCosts(
                context.nm().density(),
                configuration.denseFrom(context.totalSteps()),
                context.totalSteps(),
                configuration.sampleGradient());
    }

    @Override
    public CostVector at(Account account, long step) {
        if (step >= denseFrom) {
            return CostVector.DENSE;
        }
        return switch (account) {
            case PAPER, NM_HARDWARE -> new CostVector(density, density, sampled ? density : 1);
            case CPU_EXECUTED -> new CostVector(density, density, 1);
        };
    }

    /** A run that ends dense leaves a dense network. */
    @Override
    public double deployedDensity() {
        return denseFrom < totalSteps ? 1 : density;
    }
}
