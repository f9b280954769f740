package org.bame.flops;

import org.bame.sparsity.NmPattern;

/**
 * What stays of an N:M mask once it is also cut to at most N of every M consecutive outputs (double pruning, Mozaffari et al.
 * 2024), if the mask keeps its positions at random.
 */
public final class ThinnedDensity {
    private ThinnedDensity() {}

    /**
     * Expected density if outputs make blocks in a random order, which parts those that share positions. The best of some
     * random orders (Bi-Mask) keeps somewhat more: of 100, about 1 % with 64 outputs of 576 weights, 2 to 4 % with 16 of 144.
     */
    public static double expectedInRandomOrder(NmPattern pattern) {
        return expected(new NmPattern(pattern.n(), pattern.m()));
    }

    /**
     * Expected density if consecutive outputs make blocks: of M outputs, each of which keeps a position with probability N/M,
     * at most N do. Outputs that share positions ({@link NmPattern#rowGroup}) keep it together.
     */
    public static double expected(NmPattern pattern) {
        int m = pattern.m();
        double[] probabilities = new double[m + 1];
        probabilities[0] = 1;
        for (int first = 0; first < m; first += pattern.rowGroup()) {
            int rows = Math.min(pattern.rowGroup(), m - first);
            for (int kept = first; kept >= 0; kept--) {
                probabilities[kept + rows] += pattern.density() * probabilities[kept];
                probabilities[kept] *= 1 - pattern.density();
            }
        }
        double expected = 0;
        for (int kept = 0; kept <= m; kept++) {
            expected += probabilities[kept] * Math.min(kept, pattern.n());
        }
        return expected / m;
    }
}
