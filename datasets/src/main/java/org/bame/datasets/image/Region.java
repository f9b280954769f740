package org.bame.datasets.image;

/**
 * A rectangle of pixels.
 *
 * @param left first column
 * @param top first row
 * @param width columns, at least 1
 * @param height rows, at least 1
 */
public record Region(int left, int top, int width, int height) {

    /** Checks the ranges. */
    public Region {
        if (left < 0 || top < 0 || width < 1 || height < 1) {
            throw new IllegalArgumentException("A region starts at 0 or later and has at least 1 pixel, got left="
                    + left
                    + ", top=" + top + ", width=" + width + ", height=" + height + ".");
        }
    }

    /** Everything of a picture of this size. */
    public static Region whole(int width, int height) {
        return new Region(0, 0, width, height);
    }

    /** Whether it lies inside of a picture of this size. */
    boolean fits(int pictureWidth, int pictureHeight) {
        return left + width <= pictureWidth && top + height <= pictureHeight;
    }
}
