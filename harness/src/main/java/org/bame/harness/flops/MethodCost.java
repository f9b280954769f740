package org.bame.harness.flops;

import java.util.EnumMap;
import java.util.Map;
import org.bame.flops.Account;
import org.bame.flops.CostVector;
import org.bame.flops.FlopsAccount;
import org.bame.flops.LayerCosts;
import org.bame.flops.TrainingCost;

/**
 * What a method costs on a network at a pattern, in a whole run or in a part of it.
 *
 * @param method name, with a variant behind a slash
 * @param pattern as in {@code 1:16} or {@code 1:4/g4}, or {@code dense}
 * @param phase {@link #WHOLE_RUN}, or the name of a part of the run
 * @param products densities of the three products of the sparse layers: the mean over the steps
 * @param cost ratios over the dense network
 * @param forwardMacs multiply-accumulates of the deployed forward product of one image
 */
public record MethodCost(
        String method,
        String pattern,
        String phase,
        Map<Account, CostVector> products,
        TrainingCost cost,
        double forwardMacs) {

    /** The phase of a whole run. */
    public static final String WHOLE_RUN = "run";

    /** Counts steps {@code [fromStep, toStep)}. */
    static MethodCost of(
            String method,
            String pattern,
            String phase,
            FlopsAccount account,
            LayerCosts costs,
            long fromStep,
            long toStep) {
        Map<Account, CostVector> products = new EnumMap<>(Account.class);
        for (Account each : Account.values()) {
            products.put(each, account.meanCost(costs, each, fromStep, toStep));
        }
        TrainingCost cost = new TrainingCost(
                account.trainRatio(products.get(Account.PAPER)),
                account.trainRatio(products.get(Account.CPU_EXECUTED)),
                account.trainRatio(products.get(Account.NM_HARDWARE)),
                account.testRatio(costs));
        return new MethodCost(
                method, pattern, phase, products, cost, account.forwardMacsPerSample() * cost.test());
    }

    /** The same over one dense run, of a method that goes through its recipe so many times. */
    MethodCost times(int cycles) {
        return new MethodCost(method, pattern, phase, products, cost.times(cycles), forwardMacs);
    }
}
