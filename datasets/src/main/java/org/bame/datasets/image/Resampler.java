package org.bame.datasets.image;

import java.util.Objects;

/**
 * Scales regions of pictures, bilinear with antialiasing: rows first, then columns, each rounded to whole levels, with
 * the weights of {@link AxisWeights}. The result is bit for bit that of Pillow's {@code resize(..., BILINEAR)} on the
 * cropped region. Keeps a buffer; for one thread.
 */
public final class Resampler {

    private static final int ONE_HALF = 1 << AxisWeights.FRACTION_BITS - 1;
    private static final int BRIGHTEST = 255;

    private byte[] narrowed = {};

    /**
     * Scales a region to a size, and writes a window of the result; nothing outside of the region is looked at.
     *
     * @param picture holds the region
     * @param region what is scaled
     * @param width columns that the whole region is scaled to, at least 1
     * @param height rows that the whole region is scaled to, at least 1
     * @param window part of the scaled region that is wanted
     * @param target receives unsigned bytes {@code [channel][row][column]} of the window
     * @throws IllegalArgumentException if the region or the window lies outside
     */
    public void resample(Picture picture, Region region, int width, int height, Region window, byte[] target) {
        if (!region.fits(picture.width(), picture.height()) || !window.fits(width, height)) {
            throw new IllegalArgumentException(region + " must lie in a picture of " + picture.width() + "x"
                    + picture.height() + ", and " + window + " in its scaled form of " + width + "x" + height + ".");
        }
        Objects.checkFromIndexSize(0, picture.channels() * window.width() * window.height(), target.length);
        AxisWeights across = new AxisWeights(region.width(), width, window.left(), window.width());
        AxisWeights down = new AxisWeights(region.height(), height, window.top(), window.height());
        int firstRow = down.first(0);
        int rows = down.end() - firstRow;
        if (narrowed.length < rows * window.width()) {
            narrowed = new byte[rows * window.width()];
        }
        for (int channel = 0; channel < picture.channels(); channel++) {
            int top = channel * picture.height() + region.top() + firstRow;
            for (int row = 0; row < rows; row++) {
                int from = (top + row) * picture.width() + region.left();
                narrow(picture.pixels(), from, across, window.width(), narrowed, row * window.width());
            }
            shorten(narrowed, firstRow, down, window, target, channel * window.height() * window.width());
        }
    }

    private static void narrow(byte[] row, int from, AxisWeights across, int width, byte[] target, int at) {
        int[] weights = across.weights();
        for (int column = 0; column < width; column++) {
            int pixel = from + across.first(column);
            int weight = across.at(column);
            int end = weight + across.count(column);
            int sum = ONE_HALF;
            while (weight < end) {
                sum += Byte.toUnsignedInt(row[pixel++]) * weights[weight++];
            }
            target[at + column] = level(sum);
        }
    }

    private static void shorten(byte[] rows, int firstRow, AxisWeights down, Region window, byte[] target, int at) {
        int width = window.width();
        int[] weights = down.weights();
        for (int row = 0; row < window.height(); row++) {
            int from = (down.first(row) - firstRow) * width;
            int firstWeight = down.at(row);
            int end = firstWeight + down.count(row);
            for (int column = 0; column < width; column++) {
                int pixel = from + column;
                int sum = ONE_HALF;
                for (int weight = firstWeight; weight < end; weight++, pixel += width) {
                    sum += Byte.toUnsignedInt(rows[pixel]) * weights[weight];
                }
                target[at + row * width + column] = level(sum);
            }
        }
    }

    /** Weights are rounded one by one and may add up to a little more than 1. */
    private static byte level(int sum) {
        return (byte) Math.min(BRIGHTEST, sum >> AxisWeights.FRACTION_BITS);
    }
}
