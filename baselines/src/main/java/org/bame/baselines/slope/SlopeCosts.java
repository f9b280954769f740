package org.bame.baselines.slope;

import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.flops.CostVector;
import org.bame.flops.SteadyCosts;
import org.bame.flops.ThinnedDensity;
import org.bame.flops.WeightedLayer;
import org.bame.method.MethodContext;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.WeightShape;

/**
 * Costs of SLoPe (methods.md 3.1): (d, d, 1) by the paper, whose weight gradient is dense; executed it is sparse, and the input
 * gradient skips what the second pruning drops as well. With adapters of rank r every product costs {@code r (1/row +
 * 1/outputs)} more by the paper; executed all is dense. There our input gradient is not N:M along the outputs.
 *
 * @param lowRankShare cost of the adapters over a dense product's; 0 as long as no layer is named
 */
record SlopeCosts(
        SlopeConfiguration configuration,
        NmPattern pattern,
        long adaptersFrom,
        long totalSteps,
        double lowRankShare) implements CostModel {
    static SlopeCosts of(SlopeConfiguration configuration, MethodContext context) {
        return new SlopeCosts(
                configuration,
                context.nm(),
                configuration.adaptersFrom(context.totalSteps()),
                context.totalSteps(),
                0);
    }

    @Override
    public CostModel on(WeightedLayer layer) {
        WeightShape shape = layer.weights();
        if (configuration.skips(shape)) {
            return SteadyCosts.DENSE;
        }
        double share = configuration.rank(shape) * (1.0 / shape.rowLength() + 1.0 / shape.outputs());
        return new SlopeCosts(configuration, pattern, adaptersFrom, totalSteps, share);
    }

    @Override
    public CostVector at(Account account, long step) {
        double density = pattern.density();
        if (step < adaptersFrom) {
            return switch (account) {
                case PAPER, NM_HARDWARE -> new CostVector(density, density, 1);
                case CPU_EXECUTED -> new CostVector(density, ThinnedDensity.expected(pattern), density);
            };
        }
        double adapted = density + lowRankShare;
        return switch (account) {
            case PAPER -> new CostVector(adapted, adapted, 1 + lowRankShare);
            case CPU_EXECUTED -> CostVector.DENSE;
            case NM_HARDWARE -> new CostVector(adapted, 1, 1 + lowRankShare);
        };
    }

    /** Deployed are the sparse matrix and the low-rank factors. */
    @Override
    public double deployedDensity() {
        return adaptersFrom < totalSteps ? pattern.density() + lowRankShare : pattern.density();
    }
}
