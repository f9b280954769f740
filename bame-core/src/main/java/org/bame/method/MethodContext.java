package org.bame.method;

import org.bame.sparsity.NmPattern;
import org.bame.sparsity.SparsityPattern;

/**
 * What a method knows of its run.
 *
 * @param pattern of the run's sparse layers together ({@link SparsityPattern#isDense} for a dense run); a layer's own is
 *     {@link MaskedLayer#pattern}
 * @param totalSteps optimizer steps of the run, of all its {@link MethodFactory#cycles cycles}
 * @param stepsPerEpoch steps of an epoch
 * @param optimizer what trains the weights
 * @param seed of the run, for methods that draw random numbers
 */
public record MethodContext(SparsityPattern pattern, long totalSteps, int stepsPerEpoch, Optimizer optimizer,
        long seed) {
    /** A run by stochastic gradient descent. */
    public MethodContext(SparsityPattern pattern, long totalSteps, int stepsPerEpoch, double momentum, long seed) {
        this(pattern, totalSteps, stepsPerEpoch, new Optimizer.Sgd(momentum, false), seed);
    }

    /**
     * The pattern, for methods that know N:M patterns alone.
     *
     * @throws IllegalStateException if it is another kind: whoever makes methods asks {@link MethodFactory#supports} first
     */
    public NmPattern nm() {
        if (pattern instanceof NmPattern nm) {
            return nm;
        }
        throw new IllegalStateException("Got pattern " + pattern
                + " for a method that knows N:M patterns alone; expected "
                + NmPattern.FORMS);
    }

    /** The same run by another pattern, for example a layer's own. */
    public MethodContext withPattern(SparsityPattern other) {
        return new MethodContext(other, totalSteps, stepsPerEpoch, optimizer, seed);
    }

    /** Momentum of the optimizer; 0 if it has none. */
    public double momentum() {
        return optimizer.momentum();
    }
}
