package org.bame.kernel;

/**
 * How the images of a minibatch lie in memory: {@code [block][pixel][channel][image in block]}, the images of a block
 * contiguous. Every block has the same width, a multiple of {@link #WIDTH_UNIT}; places beyond the last image are padding.
 *
 * @param images images in the minibatch
 * @param blockWidth places for images in a block
 */
public record BatchLayout(int images, int blockWidth) {
    /** Block widths are multiples of this number of images: the lanes of the widest vector of 32-bit numbers. */
    public static final int WIDTH_UNIT = 16;

    /** Widest block that {@link #of} makes: what a tile reads of a whole batch would not stay in the first-level cache. */
    public static final int DEFAULT_MAX_WIDTH = 32;

    /** Checks the extents. */
    public BatchLayout {
        if (images < 1 || blockWidth < WIDTH_UNIT || blockWidth % WIDTH_UNIT != 0) {
            throw new IllegalArgumentException("Bad batch layout: " + images + " images in blocks of " + blockWidth
                    + "; expected at least 1 image and a multiple of " + WIDTH_UNIT);
        }
    }

    /** The layout of a minibatch: blocks of {@link #DEFAULT_MAX_WIDTH} images, or one narrower block if that is enough. */
    public static BatchLayout of(int images) {
        int needed = (Math.max(1, images) + WIDTH_UNIT - 1) / WIDTH_UNIT * WIDTH_UNIT;
        return new BatchLayout(images, Math.min(DEFAULT_MAX_WIDTH, needed));
    }

    /** Number of blocks. */
    public int blocks() {
        return (images + blockWidth - 1) / blockWidth;
    }

    /** Images (not padding) in block {@code block}. */
    public int imagesIn(int block) {
        return Math.min(blockWidth, images - block * blockWidth);
    }

    /** Elements of an activation tensor in this layout, padding included. */
    public long elements(FeatureShape shape) {
        return (long) blocks() * shape.elementsPerImage() * blockWidth;
    }

    /** Position of one activation. */
    public long index(FeatureShape shape, int image, int channel, int row, int column) {
        long pixel = (long) column * shape.height() + row;
        long block = image / blockWidth;
        return ((block * shape.pixels() + pixel) * shape.channels() + channel) * blockWidth + image % blockWidth;
    }
}
