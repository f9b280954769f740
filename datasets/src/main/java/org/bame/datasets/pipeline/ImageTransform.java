package org.bame.datasets.pipeline;

import org.bame.datasets.ImageShape;

/** Shifts, mirrors and normalises one image in a single pass. */
final class ImageTransform {

    private final ImageShape shape;
    private final float[][] table;

    /**
     * @param shape extent of every image
     * @param table normalised value of each pixel value: {@code [channel][pixel]}
     */
    ImageTransform(ImageShape shape, float[][] table) {
        this.shape = shape;
        this.table = table;
    }

    /**
     * Writes {@code out[c][row][column] = table[c][image[c][row + down][x + right]]} with {@code x = column}, or
     * {@code width - 1 - column} when mirrored; pixels outside the image count as 0.
     *
     * @param image unsigned bytes, {@code [channel][row][column]}
     * @param down rows by which the window lies below the image's top, may be negative
     * @param right columns by which the window lies right of the image's left edge, may be negative
     * @param mirror whether the window is mirrored left to right
     * @param target receives {@code shape.size()} values
     * @param offset first position written
     */
    void apply(byte[] image, int down, int right, boolean mirror, float[] target, int offset) {
        int width = shape.width();
        int step = mirror ? -1 : 1;
        int start = (mirror ? width - 1 : 0) + right;
        int at = offset;
        for (int channel = 0; channel < shape.channels(); channel++) {
            float[] values = table[channel];
            float black = values[0];
            for (int row = 0; row < shape.height(); row++) {
                int sourceRow = row + down;
                if (sourceRow < 0 || sourceRow >= shape.height()) {
                    for (int column = 0; column < width; column++) {
                        target[at++] = black;
                    }
                    continue;
                }
                int rowStart = channel * shape.planeSize() + sourceRow * width;
                int x = start;
                for (int column = 0; column < width; column++, x += step) {
                    target[at++] = x < 0 || x >= width ? black : values[Byte.toUnsignedInt(image[rowStart + x])];
                }
            }
        }
    }

    /** The same without normalising: {@code out[c][row][column] = image[c][row + down][x + right]}. */
    void copy(byte[] image, int down, int right, boolean mirror, byte[] target) {
        int width = shape.width();
        int step = mirror ? -1 : 1;
        int start = (mirror ? width - 1 : 0) + right;
        int at = 0;
        for (int channel = 0; channel < shape.channels(); channel++) {
            for (int row = 0; row < shape.height(); row++) {
                int sourceRow = row + down;
                boolean isOutside = sourceRow < 0 || sourceRow >= shape.height();
                int rowStart = channel * shape.planeSize() + sourceRow * width;
                int x = start;
                for (int column = 0; column < width; column++, x += step) {
                    target[at++] = isOutside || x < 0 || x >= width ? 0 : image[rowStart + x];
                }
            }
        }
    }
}
