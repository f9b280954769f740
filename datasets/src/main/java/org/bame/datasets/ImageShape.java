package org.bame.datasets;

/**
 * The extent of one image. Images are always stored in the order {@code [channel][row][column]}, column fastest.
 *
 * @param channels colour planes, at least 1 (3 for red, green, blue)
 * @param height rows in pixels, at least 1
 * @param width columns in pixels, at least 1
 */
public record ImageShape(int channels, int height, int width) {

    /** Checks that every extent is positive. */
    public ImageShape {
        if (channels < 1 || height < 1 || width < 1) {
            throw new IllegalArgumentException("An image shape needs extents of at least 1, got channels=" + channels
                    + ", height=" + height + ", width=" + width + ".");
        }
    }

    /** Pixels of one channel: {@code height * width}. */
    public int planeSize() {
        return Math.multiplyExact(height, width);
    }

    /** Values of one image: {@code channels * height * width}. */
    public int size() {
        return Math.multiplyExact(channels, planeSize());
    }

    /** For example {@code 3x32x32}: channels, height, width. */
    @Override
    public String toString() {
        return channels + "x" + height + "x" + width;
    }
}
