package org.bame.layer;

/** A layer or vertex that computes with the kernels of its graph's session. */
interface KernelUser {
    /** Hands over the session; a later call replaces it. */
    void use(KernelSession session);

    /** Whether its inputs are block tensors. */
    default boolean readsBlocks() {
        return true;
    }

    /** Whether its output is a block tensor. */
    default boolean writesBlocks() {
        return true;
    }
}
