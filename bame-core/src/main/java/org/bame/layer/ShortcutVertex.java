package org.bame.layer;

import java.util.Objects;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.Kernels;
import org.bame.kernel.ShortcutShape;

/**
 * The parameter-free shortcut of CIFAR residual networks (option A): every {@code stride}-th pixel, and zero channels
 * in equal numbers before and after those of the input.
 */
public final class ShortcutVertex extends BlockPassConfiguration {
    private static final long serialVersionUID = 1L;

    private int outputs;
    private int stride = 1;

    /** For reading JSON. */
    public ShortcutVertex() {}

    /**
     * A shortcut.
     *
     * @param outputs output channels: the input's and an even number more
     * @param stride step in both directions
     */
    public ShortcutVertex(int outputs, int stride) {
        this.outputs = outputs;
        this.stride = stride;
    }

    /** Output channels. */
    public int getOutputs() {
        return outputs;
    }

    /** Sets {@link #getOutputs}. */
    public void setOutputs(int outputs) {
        this.outputs = outputs;
    }

    /** Step in both directions. */
    public int getStride() {
        return stride;
    }

    /** Sets {@link #getStride}. */
    public void setStride(int stride) {
        this.stride = stride;
    }

    @Override
    FeatureShape output(FeatureShape input) {
        return new ShortcutShape(input, outputs, stride).output();
    }

    @Override
    BlockPass pass(Kernels kernels, BlockExtents input) {
        return new BlockPass(
                (x, y) -> kernels.shortcut(input.shape(), outputs, stride, input.batch(), x, y),
                (dy, dx) -> kernels.shortcutBackward(input.shape(), outputs, stride, input.batch(), dy, dx));
    }

    @Override
    public ShortcutVertex clone() {
        return new ShortcutVertex(outputs, stride);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ShortcutVertex that && that.outputs == outputs && that.stride == stride;
    }

    @Override
    public int hashCode() {
        return Objects.hash(outputs, stride);
    }
}
