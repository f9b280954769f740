package org.bame.baselines.asp;

import org.bame.method.Key;
import org.bame.method.Key.Status;

/** ASP (Mishra et al. 2021, arXiv 2104.08378; NVIDIA/apex, contrib/sparsity; methods.md 5.7). */
public record AspConfiguration(
        @Key(
                value = "times that the recipe's epochs train dense before the pruning, 0 to 10; once more they train "
                        + "the pruned network. 0 prunes the initial weights",
                status = Status.CODE) int pretrainCycles,
        @Key(
                value = "whether input channels are reordered before the pruning: later releases of the code do it "
                        + "unless told otherwise, and permute the layers that produce the inputs along with it, which "
                        + "is not done here",
                status = Status.ASSUMED) Permutation permutation) {
    /** The published recipe, without permutation. */
    public static AspConfiguration defaults() {
        return new AspConfiguration(1, Permutation.NONE);
    }

    /**
     * Which input channels make up the blocks of a layer (Pool and Yu, NeurIPS 2021).
     */
    public enum Permutation {
        /** Each M consecutive ones. */
        NONE,
        /**
         * Those that are consecutive after swaps of two channels, each the one that raises the kept magnitude most, until
         * none does (the code also escapes from local optima and searches small groups exhaustively; ASSUMED away). The
         * mask is N:M in this order and <em>not</em> where the weights lie: to run on N:M hardware, the layer that produces
         * the inputs must deliver its channels in this order, which the search here, a layer at a time, does not arrange.
         * Kernels of this suite skip the zeros all the same. The search takes seconds in layers of hundreds of inputs and more.
         */
        GREEDY_SWAPS
    }
}
