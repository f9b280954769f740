package org.bame.flops;

import org.bame.sparsity.NmPattern;

/**
 * What stays of an N:M mask once it is also cut to at most N of every M consecutive outputs (double pruning, Mozaffari et al.
 * 2024), if the mask keeps its positions at random.
 */
public final class ThinnedDensity {
    private ThinnedDensity() {}

    /**
     * Expected density: of M outputs, each of which keeps a position with probability N/M, at most N do. Outputs that share
     * positions ({@link NmPattern#rowGroup}) keep it together.
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
