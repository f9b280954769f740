package org.bame.layer;

import org.bame.kernel.FeatureShape;
import org.bame.kernel.Kernels;

/** Global average pooling: the mean over the pixels of each channel; one pixel is left. */
public final class AveragePoolVertex extends BlockPassConfiguration {
    private static final long serialVersionUID = 1L;

    @Override
    FeatureShape output(FeatureShape input) {
        return FeatureShape.vector(input.channels());
    }

    @Override
    BlockPass pass(Kernels kernels, BlockExtents input) {
        return new BlockPass(
                (x, y) -> kernels.averagePool(input.shape(), input.batch(), x, y),
                (dy, dx) -> kernels.averagePoolBackward(input.shape(), input.batch(), dy, dx));
    }

    @Override
    public AveragePoolVertex clone() {
        return new AveragePoolVertex();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AveragePoolVertex;
    }

    @Override
    public int hashCode() {
        return AveragePoolVertex.class.getName().hashCode();
    }
}
