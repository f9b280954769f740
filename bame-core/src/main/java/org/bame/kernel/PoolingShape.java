package org.bame.kernel;

/**
 * A pooling with square windows. Padding is at most half a window, so that every window holds a pixel of the input.
 *
 * @param input extents of the input
 * @param window rows and columns of a window
 * @param stride step in both directions
 * @param padding pixels on every side that belong to windows and count for nothing
 */
public record PoolingShape(FeatureShape input, int window, int stride, int padding) {
    /** Checks that the output has at least one pixel. */
    public PoolingShape {
        if (window < 1 || stride < 1 || padding < 0 || 2 * padding > window) {
            throw new IllegalArgumentException("Bad pooling: window " + window + ", stride " + stride + ", padding "
                    + padding
                    + "; expected a window and a stride of at least 1 and a padding of at most half a window");
        }
        if (Math.min(input.height(), input.width()) + 2 * padding < window) {
            throw new IllegalArgumentException(
                    "Window " + window + " is larger than input " + input + " with padding " + padding);
        }
    }

    /** Extents of the output. */
    public FeatureShape output() {
        return new FeatureShape(
                input.channels(),
                (input.height() + 2 * padding - window) / stride + 1,
                (input.width() + 2 * padding - window) / stride + 1);
    }
}
