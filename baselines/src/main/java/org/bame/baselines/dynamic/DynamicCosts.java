package org.bame.baselines.dynamic;

import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.flops.CostVector;
import org.bame.sparsity.NmPattern;

/**
 * Costs of a sparse store with mask updates (methods.md 3.1): density in all three products, but for the weight gradient of
 * an update by gradients. An update's step is one of the {@code interval} steps; RigL's own formula, {@code (3 f_S dT + 2
 * f_S + f_D) / (dT + 1)}, counts it beside them, so it is ours with {@code interval = dT + 1}.
 *
 * @param schedule of the updates
 * @param density in all layers
 */
public record DynamicCosts(UpdateSchedule schedule, double density) implements CostModel {
    /** Costs under an N:M pattern. */
    public static DynamicCosts nm(UpdateSchedule schedule, NmPattern pattern) {
        return new DynamicCosts(schedule, pattern.density());
    }

    @Override
    public CostVector at(Account account, long step) {
        return switch (account) {
            case PAPER, CPU_EXECUTED -> new CostVector(density, density, schedule.updatesAt(step) ? 1 : density);
            case NM_HARDWARE -> new CostVector(density, 1, 1);
        };
    }

    @Override
    public double deployedDensity() {
        return density;
    }
}
