package org.bame.baselines.maxq;

import org.bame.sparsity.NmPattern;

/** The soft mask along one axis: a cut between magnitudes, and a sigmoid above it. */
final class SoftThreshold {
    private static final float LOG2_E = 1.442695041f;
    /** Beyond this many halvings the sigmoid is 1 in single precision. */
    private static final float MOST_HALVINGS = 64f;

    private final float tau;
    private float smallestKept;
    private float threshold;

    SoftThreshold(float tau) {
        this.tau = tau;
    }

    /**
     * Places the cut so that N of every M magnitudes are kept: {@code count - floor((M - N) / M * count)} of them.
     *
     * @param magnitudes bits of magnitudes, the first {@code count} of which are reordered
     */
    void cut(int[] magnitudes, int count, NmPattern pattern) {
        int pruned = (int) ((long) (pattern.m() - pattern.n()) * count / pattern.m());
        int smallest = OrderStatistic.select(magnitudes, count, pruned);
        int largestPruned = pruned == 0 ? smallest : 0;
        for (int i = 0; i < pruned; i++) {
            largestPruned = Math.max(largestPruned, magnitudes[i]);
        }
        smallestKept = Float.intBitsToFloat(smallest);
        threshold = 0.5f * (Float.intBitsToFloat(largestPruned) + smallestKept);
    }

    /** Value of the soft mask for a weight of this magnitude. */
    float strength(float magnitude) {
        return magnitude >= smallestKept ? sigmoid((magnitude - threshold) / tau) : 0;
    }

    /**
     * The logistic function for x of at least 0, within 3e-7 of it. Of single-precision arithmetic alone, so that every
     * machine gives the same bits, unlike {@link Math#exp}.
     */
    static float sigmoid(float x) {
        float halvings = Math.min(x * LOG2_E, MOST_HALVINGS);
        int whole = (int) (halvings + 0.5f);
        // 2^f by its Taylor series, |f| at most 1/2.
        float f = whole - halvings;
        float power = 1f
                + f * (0.69314718f
                        + f * (0.24022651f
                                + f * (0.05550411f + f * (0.00961813f + f * (0.00133336f + f * 0.00015404f)))));
        return 1f / (1f + power * Float.intBitsToFloat(127 - whole << 23));
    }
}
