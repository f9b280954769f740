package org.bame.layer;

import org.bame.kernel.Kernels;
import org.bame.kernel.Storage;

/** Stochastic depth (Huang et al. 2016), also called drop-path: a whole image at a time, on a residual branch. */
public final class DropPathVertex extends RandomPassConfiguration {
    private static final long serialVersionUID = 1L;

    /** For reading JSON. */
    public DropPathVertex() {
        super(0);
    }

    /**
     * A drop-path.
     *
     * @param probability of dropping an image, in [0, 1)
     */
    public DropPathVertex(double probability) {
        super(probability);
    }

    @Override
    void drop(Kernels kernels, BlockExtents extents, long key, Storage from, Storage to) {
        kernels.dropPath(key, getProbability(), extents.shape(), extents.batch(), from, to);
    }

    @Override
    public DropPathVertex clone() {
        return new DropPathVertex(getProbability());
    }
}
