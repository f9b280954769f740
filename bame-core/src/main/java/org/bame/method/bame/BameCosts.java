package org.bame.method.bame;

import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.flops.CostVector;
import org.bame.flops.SteadyCosts;
import org.bame.method.MethodContext;

/**
 * Costs of BAME by phase (methods.md 3.3 and 3.4). Its own account charges W^T at density N/M though it is no more N:M than
 * SR-STE's; on N:M hardware only the answers to the transpose question earn that.
 */
final class BameCosts implements CostModel {
    private final BameConfiguration configuration;
    private final BameSchedule schedule;
    private final int n;
    private final int m;
    private final double density;

    BameCosts(BameConfiguration configuration, MethodContext context) {
        this.configuration = configuration;
        this.schedule = BameSchedule.of(configuration, context);
        this.n = context.nm().n();
        this.m = context.nm().m();
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
                case BIMASK -> new CostVector(density, thinned(account), 1);
                default -> SteadyCosts.maskedForward(density).at(account, step);
            };
        }
        boolean denseGradient = schedule.needsDenseGradientAt(step);
        double inputGradient = configuration.thinsSparsePhases() ? thinned(account) : density;
        return switch (account) {
            case PAPER, CPU_EXECUTED -> new CostVector(density, inputGradient, denseGradient ? 1 : density);
            case NM_HARDWARE -> new CostVector(density, transposed() ? density : 1, 1);
        };
    }

    private boolean transposed() {
        return configuration.transpose() != BameConfiguration.Transpose.NONE;
    }

    /**
     * What the input gradient costs by a mask that is N:M along the outputs: N of M to hardware and papers, though not all N
     * places of every block are taken. To a kernel, the weights that stay if every weight is kept with probability N/M: the
     * mean of min(k, N) over the k of M kept in a column of a block. Bi-Mask's orders let some more stay.
     */
    private double thinned(Account account) {
        if (account != Account.CPU_EXECUTED || n == m) {
            return density;
        }
        double stay = 0;
        double probability = Math.pow(1 - density, m);
        for (int k = 0; k < m; k++) {
            stay += Math.min(k, n) * probability;
            probability *= (m - k) * density / ((k + 1) * (1 - density));
        }
        return (stay + n * probability) / m;
    }

    @Override
    public double deployedDensity() {
        return density;
    }
}
