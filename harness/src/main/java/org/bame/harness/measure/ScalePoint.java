package org.bame.harness.measure;

import org.bame.sparsity.NmPattern;

/**
 * What a scale study varies.
 *
 * @param batch images of a step
 * @param width times the channels of the network as it is named
 * @param threads of a product
 * @param pattern N = M for dense training
 */
public record ScalePoint(int batch, int width, int threads, NmPattern pattern) {

    private static final String DENSE = "dense";
    private static final NmPattern KEEPS_ALL = new NmPattern(1, 1);

    /** The same, but dense. */
    public ScalePoint dense() {
        return new ScalePoint(batch, width, threads, KEEPS_ALL);
    }

    /** Whether no weight is masked. */
    public boolean isDense() {
        return pattern.n() == pattern.m();
    }

    /** Column {@code pattern}. */
    public String patternName() {
        return isDense() ? DENSE : pattern.toString();
    }

    /**
     * Reads a pattern, or {@code dense}.
     *
     * @throws IllegalArgumentException if it is neither
     */
    public static NmPattern pattern(String text) {
        return text.equals(DENSE) ? KEEPS_ALL : NmPattern.parse(text);
    }

    @Override
    public String toString() {
        return "batch " + batch + ", width x" + width + ", " + threads + (threads == 1 ? " thread, " : " threads, ")
                + patternName();
    }
}
