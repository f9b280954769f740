package org.bame.baselines.sste;

import org.bame.sparsity.NmPattern;

/**
 * S-STE (Hu et al., NeurIPS 2024, arXiv 2409.09099). Which key rests on what is said in methods.md 5.9.
 *
 * @param sampleGradient whether, at 2:4, the weight gradient is estimated from a 2:4 sample of dY (true; from the authors'
 *     code). By other patterns dY is never sampled: the estimator is one of two out of four
 */
public record SSteConfiguration(boolean sampleGradient) {
    private static final NmPattern SAMPLED = new NmPattern(2, 4);

    /** The published value. */
    public static SSteConfiguration defaults() {
        return new SSteConfiguration(true);
    }

    /** Whether runs by a pattern sample dY. */
    boolean samples(NmPattern pattern) {
        return sampleGradient && pattern.equals(SAMPLED);
    }
}
