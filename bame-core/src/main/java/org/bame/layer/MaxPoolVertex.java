package org.bame.layer;

import java.util.Objects;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.Kernels;
import org.bame.kernel.MaxPoolKernel;
import org.bame.kernel.PoolingShape;

/** Max pooling with square windows; see {@link MaxPoolKernel} on ties and padding. */
public final class MaxPoolVertex extends BlockPassConfiguration {
    private static final long serialVersionUID = 1L;

    private int window = 1;
    private int stride = 1;
    private int padding;

    /** For reading JSON. */
    public MaxPoolVertex() {}

    /**
     * A pooling.
     *
     * @param window rows and columns of a window
     * @param stride step in both directions
     * @param padding pixels on every side that never win, at most half a window
     */
    public MaxPoolVertex(int window, int stride, int padding) {
        this.window = window;
        this.stride = stride;
        this.padding = padding;
    }

    /** Rows and columns of a window. */
    public int getWindow() {
        return window;
    }

    /** Sets {@link #getWindow}. */
    public void setWindow(int window) {
        this.window = window;
    }

    /** Step in both directions. */
    public int getStride() {
        return stride;
    }

    /** Sets {@link #getStride}. */
    public void setStride(int stride) {
        this.stride = stride;
    }

    /** Pixels on every side that never win. */
    public int getPadding() {
        return padding;
    }

    /** Sets {@link #getPadding}. */
    public void setPadding(int padding) {
        this.padding = padding;
    }

    @Override
    FeatureShape output(FeatureShape input) {
        return pooling(input).output();
    }

    @Override
    BlockPass pass(Kernels kernels, BlockExtents input) {
        MaxPoolKernel kernel = kernels.maxPool(pooling(input.shape()), input.batch());
        return new BlockPass(kernel::forward, kernel::backward);
    }

    private PoolingShape pooling(FeatureShape input) {
        return new PoolingShape(input, window, stride, padding);
    }

    @Override
    public MaxPoolVertex clone() {
        return new MaxPoolVertex(window, stride, padding);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MaxPoolVertex that
                && that.window == window
                && that.stride == stride
                && that.padding == padding;
    }

    @Override
    public int hashCode() {
        return Objects.hash(window, stride, padding);
    }
}
