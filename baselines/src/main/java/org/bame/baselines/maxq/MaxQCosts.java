package org.bame.baselines.maxq;

import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.flops.CostVector;
import org.bame.method.MethodContext;
import org.bame.sparsity.NmPattern;

/**
 * Costs of MaxQ: SR-STE's, plus what the ramp keeps dense (methods.md 3.1; the whole number of dense blocks of a layer is not
 * accounted for, only their share). N:M hardware gains nothing from a layer of which some blocks are dense.
 */
record MaxQCosts(MaxQConfiguration.Ramp kind, DenseShareRamp ramp, NmPattern pattern, int stepsPerEpoch)
        implements
            CostModel {
    static MaxQCosts of(MaxQConfiguration configuration, MethodContext context) {
        return new MaxQCosts(
                configuration.ramp(),
                DenseShareRamp.of(configuration, context),
                context.nm(),
                context.stepsPerEpoch());
    }

    @Override
    public CostVector at(Account account, long step) {
        double denseShare = ramp.at(step / stepsPerEpoch);
        double forward = density(denseShare);
        return switch (account) {
            case PAPER -> new CostVector(forward, 1, 1);
            case CPU_EXECUTED -> new CostVector(forward, forward, 1);
            case NM_HARDWARE -> new CostVector(mixed(denseShare) ? 1 : forward, 1, 1);
        };
    }

    private boolean mixed(double denseShare) {
        return kind != MaxQConfiguration.Ramp.SHRINK_N && denseShare > 0;
    }

    private double density(double denseShare) {
        if (kind == MaxQConfiguration.Ramp.SHRINK_N) {
            return DenseShareRamp.shrunk(pattern, denseShare).density();
        }
        return pattern.density() + (1 - pattern.density()) * denseShare;
    }

    @Override
    public double deployedDensity() {
        return pattern.density();
    }
}
