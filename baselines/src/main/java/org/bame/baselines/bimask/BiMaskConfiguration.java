package org.bame.baselines.bimask;

import org.bame.method.Key;
import org.bame.method.Key.Status;

/** Bi-Mask (Zhang et al., ICML 2023, arXiv 2302.06058; code: zyxxmu/Bi-Mask; methods.md 5.4). */
public record BiMaskConfiguration(
        @Key(
                value = "T, steps from one search for a permutation of the outputs to the next, at least 1",
                status = Status.STATED) int permutationInterval,
        @Key(
                value = "K, random permutations that a search tries: those of the README's commands, the code's own "
                        + "default is 10; with 0 outputs stay in memory order",
                status = Status.CODE) int permutations,
        @Key(
                value = "decay of masked weights, as in SR-STE, at least 0",
                status = Status.CODE) double lambda) {
    /** The published values. */
    public static BiMaskConfiguration defaults() {
        return new BiMaskConfiguration(100, 100, 2e-4);
    }
}
