package org.bame.baselines.bimask;

/**
 * Bi-Mask (Zhang et al., ICML 2023, arXiv 2302.06058; code: zyxxmu/Bi-Mask).
 *
 * @param permutationInterval T: steps from one search for a permutation of the outputs to the next, at least 1 (100; STATED)
 * @param permutations K: random permutations that a search tries, at least 0 (100; STATED in the commands of the code's
 *     README, whose default is 10). With 0 outputs stay in memory order
 * @param lambda decay of masked weights, as in SR-STE, at least 0 (2e-4; CODE)
 */
public record BiMaskConfiguration(int permutationInterval, int permutations, double lambda) {
    /** The published values. */
    public static BiMaskConfiguration defaults() {
        return new BiMaskConfiguration(100, 100, 2e-4);
    }
}
