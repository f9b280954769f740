package org.bame.method;

import org.bame.sparsity.NmPattern;

/**
 * What a method knows of its run.
 *
 * @param pattern the N:M pattern ({@code N = M} for a dense run)
 * @param totalSteps optimizer steps of the run, of all its {@link MethodFactory#cycles cycles}
 * @param stepsPerEpoch steps of an epoch
 * @param momentum of the optimizer (0 if it has none)
 * @param seed of the run, for methods that draw random numbers
 */
public record MethodContext(NmPattern pattern, long totalSteps, int stepsPerEpoch, double momentum, long seed) {
    /** The pattern, for methods that know N:M patterns alone. */
    public NmPattern nm() {
        return pattern;
    }
}
