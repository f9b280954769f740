package org.bame.layer;

import org.bame.kernel.BatchLayout;
import org.bame.kernel.FeatureShape;

/**
 * Extents of an activation tensor of a whole minibatch.
 *
 * @param shape of one image
 * @param batch how the images lie in memory
 */
record BlockExtents(FeatureShape shape, BatchLayout batch) {
    /** Elements, padding included. */
    long elements() {
        return batch.elements(shape);
    }

    /** The dimensions an array in 'f' order has: {@code [blockWidth, channels, height, width, blocks]}. */
    long[] dimensions() {
        return new long[]{batch.blockWidth(), shape.channels(), shape.height(), shape.width(), batch.blocks()};
    }

    /** Strides of {@link #dimensions}, the first dimension fastest. */
    long[] strides() {
        long[] dimensions = dimensions();
        long[] strides = new long[dimensions.length];
        long stride = 1;
        for (int i = 0; i < dimensions.length; i++) {
            strides[i] = stride;
            stride *= dimensions[i];
        }
        return strides;
    }

    /** The same batch with images of another shape. */
    BlockExtents with(FeatureShape other) {
        return new BlockExtents(other, batch);
    }
}
