package org.bame.layer;

import org.bame.kernel.Kernels;
import org.bame.kernel.Storage;

/** Inverted dropout (Srivastava et al. 2014): every number on its own. */
public final class DropoutVertex extends RandomPassConfiguration {
    private static final long serialVersionUID = 1L;

    /** For reading JSON. */
    public DropoutVertex() {
        super(0);
    }

    /**
     * A dropout.
     *
     * @param probability of dropping, in [0, 1)
     */
    public DropoutVertex(double probability) {
        super(probability);
    }

    @Override
    void drop(Kernels kernels, BlockExtents extents, long key, Storage from, Storage to) {
        kernels.dropout(key, getProbability(), from, to);
    }

    @Override
    public DropoutVertex clone() {
        return new DropoutVertex(getProbability());
    }
}
