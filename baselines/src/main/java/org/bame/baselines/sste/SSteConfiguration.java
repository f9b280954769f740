package org.bame.baselines.sste;

import org.bame.method.Key;
import org.bame.method.Key.Status;
import org.bame.sparsity.NmPattern;

/** S-STE (Hu et al., NeurIPS 2024, arXiv 2409.09099; methods.md 5.9). */
public record SSteConfiguration(
        @Key(
                value = "whether, at 2:4, the weight gradient is estimated from a 2:4 sample of dY; by other patterns "
                        + "dY is never sampled, since the estimator is one of two out of four",
                status = Status.CODE) boolean sampleGradient) {
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
