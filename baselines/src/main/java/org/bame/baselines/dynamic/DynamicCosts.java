package org.bame.baselines.dynamic;

import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.flops.CostVector;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.SparsityPattern;

/**
 * Costs of a sparse store with mask updates (methods.md 3.1): the density in all three products, but for the weight gradient
 * of an update by gradients. An update's step is one of each {@code interval} steps; RigL's formula {@code (3 f_S dT + 2 f_S
 * + f_D) / (dT + 1)}, whose update is a step beside the dT others, is ours with {@code interval = dT + 1}. N:M hardware skips
 * nothing but N:M blocks.
 *
 * @param schedule of the updates
 * @param pattern of the layer
 * @param byGradient whether updates need the dense weight gradient
 */
record DynamicCosts(UpdateSchedule schedule, SparsityPattern pattern, boolean byGradient) implements CostModel {
    @Override
    public CostVector at(Account account, long step) {
        double density = pattern.density();
        return switch (account) {
            case PAPER, CPU_EXECUTED ->
                new CostVector(density, density, byGradient && schedule.updatesAt(step) ? 1 : density);
            case NM_HARDWARE -> new CostVector(pattern instanceof NmPattern ? density : 1, 1, 1);
        };
    }

    @Override
    public double deployedDensity() {
        return pattern.density();
    }
}
