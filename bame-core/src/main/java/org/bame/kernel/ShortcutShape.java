package org.bame.kernel;

/**
 * The parameter-free shortcut of {@link Kernels#shortcut}: every {@code stride}-th pixel, zero channels on both sides.
 *
 * @param input extents of the input
 * @param outputs output channels
 * @param stride step in both directions
 */
public record ShortcutShape(FeatureShape input, int outputs, int stride) {
    /** Checks that the added channels can be split evenly. */
    public ShortcutShape {
        if (stride < 1 || outputs < input.channels() || (outputs - input.channels()) % 2 != 0) {
            throw new IllegalArgumentException("Bad shortcut from " + input + " to " + outputs
                    + " channels with stride " + stride + ": expected a stride of at least 1 and an even number of"
                    + " additional channels (use a 1x1 convolution otherwise)");
        }
    }

    /** Extents of the output: {@code ceil(extent / stride)} rows and columns. */
    public FeatureShape output() {
        return new FeatureShape(outputs, (input.height() + stride - 1) / stride, (input.width() + stride - 1) / stride);
    }

    /** Zero channels before (and as many after) those of the input. */
    public int margin() {
        return (outputs - input.channels()) / 2;
    }
}
