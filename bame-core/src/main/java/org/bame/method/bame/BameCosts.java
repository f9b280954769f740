package org.bame.method.bame;

import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.flops.CostVector;
import org.bame.flops.SteadyCosts;
import org.bame.method.MethodContext;

/**
 * Costs of BAME by phase (methods.md 3.3 and 3.4). Its own account charges W^T at density N/M though it is no more N:M than
 * SR-STE's; on N:M hardware only a transposable mask earns that.
 */
final class BameCosts implements CostModel {
    private final BameConfiguration configuration;
    private final BameSchedule schedule;
    private final double density;

    BameCosts(BameConfiguration configuration, MethodContext context) {
        this.configuration = configuration;
        this.schedule = BameSchedule.of(configuration, context);
        this.density = context.nm().density();
    }

    @Override
    public CostVector at(Account account, long step) {
        BameConfiguration.InitPhase initPhase = configuration.initPhase();
        if (initPhase == BameConfiguration.InitPhase.GRADIENT_ONE_SHOT && step == 0) {
            return CostVector.DENSE;
        }
        if (step < schedule.start() && !initPhase.oneShot()) {
            return switch (initPhase) {
                case DENSE -> CostVector.DENSE;
                // Its backward mask is N:M along the outputs, which N:M hardware can skip too.
                case BIMASK_COST -> new CostVector(density, density, 1);
                default -> SteadyCosts.maskedForward(density).at(account, step);
            };
        }
        boolean denseGradient = schedule.needsDenseGradientAt(step);
        return switch (account) {
            case PAPER, CPU_EXECUTED -> new CostVector(density, density, denseGradient ? 1 : density);
            case NM_HARDWARE -> new CostVector(density, transposable() ? density : 1, 1);
        };
    }

    private boolean transposable() {
        return configuration.transpose() == BameConfiguration.Transpose.TILE;
    }

    @Override
    public double deployedDensity() {
        return density;
    }
}
