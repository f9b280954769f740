package org.bame.sparsity;

/** The set of weights that one product touches. */
public sealed interface Support {
    /** Every weight. */
    Support DENSE = new Dense();

    /** The weights that a mask keeps; later changes of the mask are seen by the next product. */
    static Support of(Mask mask) {
        return new Masked(mask);
    }

    /** Every weight. */
    record Dense() implements Support {}

    /**
     * The kept weights of a mask.
     *
     * @param mask in the weights' memory order; its {@link Mask#rowGroup} tells kernels which outputs share positions
     */
    record Masked(Mask mask) implements Support {}
}
