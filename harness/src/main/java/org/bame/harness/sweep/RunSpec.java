package org.bame.harness.sweep;

import org.bame.harness.config.PatternText;
import org.bame.harness.results.RunKey;
import org.bame.method.MethodContext;
import org.bame.sparsity.SparsityPattern;

/**
 * One run of a sweep, completely resolved.
 *
 * @param runId readable text and a hash of everything below
 * @param workload what is trained
 * @param method how
 * @param pattern of the sparse layers; {@code 1:1} where the method has no use for one
 * @param seed of everything random
 */
public record RunSpec(String runId, Workload workload, MethodChoice<?> method, SparsityPattern pattern, long seed) {

    /** Its identity in CSV files. */
    public RunKey key() {
        return new RunKey(
                runId, workload.name(), workload.dataSet(), workload.network(), method.label(), patternColumn(), seed);
    }

    /** Whether no weight is ever masked. */
    public boolean isDense() {
        return pattern.isDense();
    }

    /** {@code dense} or the pattern. */
    public String patternColumn() {
        return PatternText.of(pattern);
    }

    /** Epochs of all the method's cycles. */
    public int epochs() {
        return Math.multiplyExact(workload.recipe().epochs(), method.cycles());
    }

    /** What the method may know, given the number of training images. */
    public MethodContext context(int trainImages) {
        return new MethodContext(
                pattern,
                method.cycles() * workload.recipe().totalSteps(trainImages),
                workload.recipe().stepsPerEpoch(trainImages),
                workload.recipe().momentum(),
                seed);
    }
}
