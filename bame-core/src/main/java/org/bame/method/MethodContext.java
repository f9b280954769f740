package org.bame.method;

import org.bame.sparsity.NmPattern;

/**
 * What a method knows of its run.
 *
 * @param pattern the N:M pattern ({@code N = M} for a dense run)
 * @param totalSteps optimizer steps of the run
 * @param stepsPerEpoch steps of an epoch
 * @param optimizer what trains the weights
 * @param seed of the run, for methods that draw random numbers
 */
public record MethodContext(NmPattern pattern, long totalSteps, int stepsPerEpoch, Optimizer optimizer, long seed) {
    /** A run by stochastic gradient descent. */
    public MethodContext(NmPattern pattern, long totalSteps, int stepsPerEpoch, double momentum, long seed) {
        this(pattern, totalSteps, stepsPerEpoch, new Optimizer.Sgd(momentum, false), seed);
    }

    /** The pattern, for methods that know N:M patterns alone. */
    public NmPattern nm() {
        return pattern;
    }

    /** Momentum of the optimizer; 0 if it has none. */
    public double momentum() {
        return optimizer.momentum();
    }
}
