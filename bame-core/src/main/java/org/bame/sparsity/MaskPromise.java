package org.bame.sparsity;

/**
 * What a training method promises of a layer's forward mask, and is held to: one of the numbers below, or a structure of its
 * own.
 */
@FunctionalInterface
public interface MaskPromise {
    /** As many weights as the pattern says, in every block, of every output or in the layer. */
    MaskPromise EXACT = KeptCount.EXACT;

    /** No more. */
    MaskPromise AT_MOST = KeptCount.AT_MOST;

    /** No fewer: the mask is on its way to the pattern. */
    MaskPromise AT_LEAST = KeptCount.AT_LEAST;

    /**
     * Holds a mask to the promise. By the numbers above, outputs that are to share positions must agree besides.
     *
     * @param pattern a layer's own ({@link SparsityPattern#perLayer})
     * @throws IllegalStateException if it is broken; the message tells where, what is kept and what was expected
     */
    void require(Mask mask, SparsityPattern pattern);
}
