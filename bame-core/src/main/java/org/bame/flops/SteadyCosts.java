package org.bame.flops;

import org.bame.sparsity.NmPattern;
import org.bame.sparsity.SparsityPattern;

/**
 * Costs that are the same at every step.
 *
 * @param paper in account {@code PAPER}
 * @param cpuExecuted in account {@code CPU_EXECUTED}
 * @param nmHardware in account {@code NM_HARDWARE}
 * @param deployedDensity of the deployed forward product
 */
public record SteadyCosts(CostVector paper, CostVector cpuExecuted, CostVector nmHardware, double deployedDensity)
        implements
            CostModel {
    /** Everything dense. */
    public static final SteadyCosts DENSE =
            new SteadyCosts(CostVector.DENSE, CostVector.DENSE, CostVector.DENSE, 1);

    /**
     * A mask in the forward product, a dense store behind it (SR-STE). Papers charge the input gradient dense, since W^T is
     * not N:M; a kernel that skips zeros does not.
     */
    public static SteadyCosts maskedForward(double density) {
        return new SteadyCosts(
                new CostVector(density, 1, 1),
                new CostVector(density, density, 1),
                new CostVector(density, 1, 1),
                density);
    }

    /**
     * Masks that are N:M along the reduction axis of both products with weights, a dense store behind them (Bi-Mask). To papers
     * and hardware that is the density, though not every place of the input gradient's mask is taken.
     *
     * @param executed what that mask keeps: all that a kernel executes
     */
    public static SteadyCosts maskedBothWays(double density, double executed) {
        CostVector cost = new CostVector(density, density, 1);
        return new SteadyCosts(cost, new CostVector(density, executed, 1), cost, density);
    }

    /** One mask in all three products. */
    public static SteadyCosts masked(double density) {
        CostVector sparse = new CostVector(density, density, density);
        return new SteadyCosts(sparse, sparse, new CostVector(density, 1, 1), density);
    }

    /**
     * The same by a layer's pattern. What is not N:M gains nothing on N:M hardware, and papers charge its input gradient at
     * its density: an unstructured W is as unstructured as its transpose (Evci et al. 2020).
     */
    public static SteadyCosts maskedForward(SparsityPattern pattern) {
        double density = pattern.density();
        if (pattern instanceof NmPattern) {
            return maskedForward(density);
        }
        CostVector masked = new CostVector(density, density, 1);
        return new SteadyCosts(masked, masked, CostVector.DENSE, density);
    }

    /** One mask in all three products, by a layer's pattern. */
    public static SteadyCosts masked(SparsityPattern pattern) {
        SteadyCosts costs = masked(pattern.density());
        return pattern instanceof NmPattern
                ? costs
                : new SteadyCosts(costs.paper, costs.cpuExecuted, CostVector.DENSE, costs.deployedDensity);
    }

    @Override
    public CostVector at(Account account, long step) {
        return switch (account) {
            case PAPER -> paper;
            case CPU_EXECUTED -> cpuExecuted;
            case NM_HARDWARE -> nmHardware;
        };
    }
}
