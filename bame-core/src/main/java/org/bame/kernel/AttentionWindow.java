package org.bame.kernel;

/**
 * A rectangle of an image's pixels, numbered as those of the image are: the rows of a column follow each other.
 *
 * @param firstPixel pixel of its first row and column
 * @param rows rows
 * @param columns columns
 * @param imageRows rows of the image
 */
public record AttentionWindow(int firstPixel, int rows, int columns, int imageRows) {
    /** Pixels of the rectangle. */
    int tokens() {
        return rows * columns;
    }

    /** The image's pixel that a pixel of the rectangle is. */
    int pixel(int token) {
        return firstPixel + token / rows * imageRows + token % rows;
    }
}
