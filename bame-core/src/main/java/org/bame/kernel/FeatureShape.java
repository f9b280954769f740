package org.bame.kernel;

/**
 * Extents of an activation tensor of one image. In memory a pixel is {@code column * height + row} (columns slowest) and
 * channels follow within the pixel: see {@link BatchLayout}.
 *
 * @param channels channels or features
 * @param height rows
 * @param width columns
 */
public record FeatureShape(int channels, int height, int width) {
    /** Checks that every extent is positive and that an image is addressable by an {@code int}. */
    public FeatureShape {
        if (channels < 1 || height < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "Bad feature shape " + channels + "x" + height + "x" + width + ": expected extents of at least 1");
        }
        Math.toIntExact(Math.multiplyExact((long) channels, Math.multiplyExact((long) height, (long) width)));
    }

    /** Shape of a vector of features: one pixel. */
    public static FeatureShape vector(int features) {
        return new FeatureShape(features, 1, 1);
    }

    /** Pixels of one channel. */
    public int pixels() {
        return height * width;
    }

    /** Numbers of one image. */
    public int elementsPerImage() {
        return channels * height * width;
    }

    @Override
    public String toString() {
        return channels + "x" + height + "x" + width;
    }
}
