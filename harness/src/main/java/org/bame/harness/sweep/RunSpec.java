package org.bame.harness.sweep;

import org.bame.harness.results.RunKey;
import org.bame.method.MethodContext;
import org.bame.sparsity.NmPattern;

/**
 * One run of a sweep, completely resolved.
 *
 * @param runId readable text and a hash of everything below
 * @param workload what is trained
 * @param method how
 * @param pattern N:M; {@code 1:1} where the method has no use for one
 * @param seed of everything random
 */
public record RunSpec(String runId, Workload workload, MethodChoice<?> method, NmPattern pattern, long seed) {

    /** Its identity in CSV files. */
    public RunKey key() {
        return new RunKey(
                runId, workload.name(), workload.dataSet(), workload.network(), method.label(), patternColumn(), seed);
    }

    /** Whether no weight is ever masked. */
    public boolean isDense() {
        return pattern.n() == pattern.m();
    }

    /** {@code dense} or the pattern. */
    public String patternColumn() {
        return patternColumn(pattern);
    }

    static String patternColumn(NmPattern pattern) {
        return pattern.n() == pattern.m() ? "dense" : pattern.toString();
    }

    /** What the method may know, given the number of training images. */
    public MethodContext context(int trainImages) {
        return new MethodContext(
                pattern,
                workload.recipe().totalSteps(trainImages),
                workload.recipe().stepsPerEpoch(trainImages),
                workload.recipe().optimizer(),
                seed);
    }
}
