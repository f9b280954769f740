package org.bame.layer;

import org.bame.kernel.FeatureShape;
import org.bame.kernel.Kernels;
import org.bame.kernel.MergingShape;

/**
 * The start of a patch merging (Liu et al. 2021): the channels of 2 x 2 neighbouring pixels side by side, see
 * {@link MergingShape}; a norm and a linear layer follow.
 */
public final class PatchMergingVertex extends BlockPassConfiguration {
    private static final long serialVersionUID = 1L;

    @Override
    FeatureShape output(FeatureShape input) {
        return new MergingShape(input).output();
    }

    @Override
    BlockPass pass(Kernels kernels, BlockExtents input) {
        MergingShape shape = new MergingShape(input.shape());
        return new BlockPass(
                (x, y) -> kernels.tokens().merge(shape, input.batch(), x, y),
                (dy, dx) -> kernels.tokens().mergeBackward(shape, input.batch(), dy, dx));
    }

    @Override
    public PatchMergingVertex clone() {
        return new PatchMergingVertex();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PatchMergingVertex;
    }

    @Override
    public int hashCode() {
        return PatchMergingVertex.class.getName().hashCode();
    }
}
