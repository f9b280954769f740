package org.bame.harness.measure;

import org.bame.harness.config.PatternText;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.SparsityPattern;

/**
 * What a scale study varies.
 *
 * @param batch images of a step
 * @param width times the channels of the network as it is named
 * @param threads of a product
 * @param pattern of the sparse layers; dense for dense training
 */
public record ScalePoint(int batch, int width, int threads, SparsityPattern pattern) {

    /** The same, but dense. */
    public ScalePoint dense() {
        return new ScalePoint(batch, width, threads, NmPattern.DENSE);
    }

    /** Whether no weight is masked. */
    public boolean isDense() {
        return pattern.isDense();
    }

    /** Column {@code pattern}. */
    public String patternName() {
        return PatternText.of(pattern);
    }

    @Override
    public String toString() {
        return "batch " + batch + ", width x" + width + ", " + threads + (threads == 1 ? " thread, " : " threads, ")
                + patternName();
    }
}
