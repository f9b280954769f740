package org.bame.method.bame;

import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.flops.CostVector;
import org.bame.flops.SteadyCosts;
import org.bame.flops.ThinnedDensity;
import org.bame.method.MethodContext;
import org.bame.sparsity.NmPattern;

/**
 * Costs of BAME by phase (methods.md 3.3 and 3.4). Its own account charges W^T at density N/M though it is no more N:M than
 * SR-STE's; on N:M hardware only the answers to the transpose question earn that.
 */
final class BameCosts implements CostModel {
    private final BameConfiguration configuration;
    private final BameSchedule schedule;
    private final NmPattern pattern;
    private final double density;

    BameCosts(BameConfiguration configuration, MethodContext context) {
        this.configuration = configuration;
        this.schedule = BameSchedule.of(configuration, context);
        this.pattern = context.nm();
        this.density = pattern.density();
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
                case BIMASK -> SteadyCosts.maskedBothWays(density, ThinnedDensity.expectedInRandomOrder(pattern))
                        .at(account, step);
                default -> SteadyCosts.maskedForward(density).at(account, step);
            };
        }
        boolean denseGradient = schedule.needsDenseGradientAt(step);
        return switch (account) {
            case PAPER -> new CostVector(density, density, denseGradient ? 1 : density);
            case CPU_EXECUTED -> new CostVector(density, executedInputGradient(), denseGradient ? 1 : density);
            case NM_HARDWARE -> new CostVector(density, transposed() ? density : 1, 1);
        };
    }

    private boolean transposed() {
        return configuration.transpose() != BameConfiguration.Transpose.NONE;
    }

    /**
     * Of a mask that is made N:M along the outputs not all N places of every block are taken: a kernel executes the weights
     * that are expected to stay, papers and hardware count N of M.
     */
    private double executedInputGradient() {
        return switch (configuration.transpose()) {
            case NONE, TILE -> density;
            case DOUBLE_PRUNE -> ThinnedDensity.expected(pattern);
            case BI_MASK -> ThinnedDensity.expectedInRandomOrder(pattern);
        };
    }

    @Override
    public double deployedDensity() {
        return density;
    }
}
