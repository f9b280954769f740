package org.bame.baselines.lbc;

import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.flops.CostVector;
import org.bame.method.MethodContext;
import org.bame.sparsity.NmPattern;

/**
 * Costs of LBC by the union density u: the share of the weights that any candidate keeps which is left. Counted is its
 * expectation if candidates were removed at random (exact for N = 1, where a candidate is a weight, and at both ends); what
 * ran is counted by the kernels.
 *
 * <p>The papers' account is (u, 1, u): pruned weights get no gradient, and W^T, no more N:M here than elsewhere, is charged
 * dense as it is to SR-STE (ASSUMED: methods.md 3.1 leaves 1 or u open). N:M hardware gains nothing from a union that is
 * irregular, as it is for N above 1 until one candidate is left.
 */
final class LbcCosts implements CostModel {
    private final SurvivorSchedule schedule;
    private final NmPattern pattern;
    private final double[] unionDensities;

    LbcCosts(LbcConfiguration configuration, MethodContext context) {
        this.schedule = SurvivorSchedule.of(configuration, context);
        this.pattern = context.nm();
        int count = new Candidates(pattern).count();
        this.unionDensities = new double[count + 1];
        for (int survivors = 1; survivors <= count; survivors++) {
            unionDensities[survivors] = unionDensity(pattern, count, survivors);
        }
    }

    /** 1 - C(C - k, s) / C(C, s): the chance that none of s survivors is one of the k = C N / M that keep a weight. */
    private static double unionDensity(NmPattern pattern, int count, int survivors) {
        int keeping = count * pattern.n() / pattern.m();
        double missed = 1;
        for (int i = 0; i < survivors; i++) {
            missed *= (double) Math.max(0, count - keeping - i) / (count - i);
        }
        return 1 - missed;
    }

    @Override
    public CostVector at(Account account, long step) {
        int survivors = schedule.survivors(step);
        double union = unionDensities[survivors];
        boolean regular = pattern.n() == 1 || survivors == 1;
        return switch (account) {
            case PAPER -> new CostVector(union, 1, union);
            case CPU_EXECUTED -> new CostVector(union, union, union);
            case NM_HARDWARE -> new CostVector(regular ? union : 1, 1, 1);
        };
    }

    @Override
    public double deployedDensity() {
        return pattern.density();
    }
}
