package org.bame.datasets.augment;

import org.bame.datasets.ImageShape;

/**
 * Shears, shifts and rotates images by cubic interpolation between the 16 pixels around a place, as Pillow's
 * {@code transform(..., BICUBIC)}: the slope at a pixel is the difference of its two neighbours, and fractions of a level are
 * cut off. Places outside of the image get a fill colour. Keeps a buffer; for one thread.
 */
final class AffineWarp {

    private static final int BRIGHTEST = 255;

    private final ImageShape shape;
    private final byte[] fill;
    private final byte[] before;
    /** Places in a plane: 4 columns of each of 4 rows around the pixel in work. */
    private final int[] columns = new int[4];
    private final int[] rows = new int[4];

    /**
     * @param shape of every image
     * @param fill level of each channel outside of the image
     */
    AffineWarp(ImageShape shape, byte[] fill) {
        this.shape = shape;
        this.fill = fill.clone();
        this.before = new byte[shape.size()];
    }

    /** Shifts each row by {@code factor} times its place below the top: what stood right comes to the left. */
    void shearX(byte[] pixels, double factor) {
        warp(pixels, 1, factor, 0, 0, 1, 0);
    }

    /** Shifts each column by {@code factor} times its place right of the left edge: what stood below comes up. */
    void shearY(byte[] pixels, double factor) {
        warp(pixels, 1, 0, 0, factor, 1, 0);
    }

    /** Shifts to the left by this many columns. */
    void translateX(byte[] pixels, double columnsLeft) {
        warp(pixels, 1, 0, columnsLeft, 0, 1, 0);
    }

    /** Shifts up by this many rows. */
    void translateY(byte[] pixels, double rowsUp) {
        warp(pixels, 1, 0, 0, 0, 1, rowsUp);
    }

    /** Rotates about the middle, counter-clockwise. */
    void rotate(byte[] pixels, double degrees) {
        double cos = StrictMath.cos(StrictMath.toRadians(degrees));
        double sin = StrictMath.sin(StrictMath.toRadians(degrees));
        double x = shape.width() / 2.0;
        double y = shape.height() / 2.0;
        warp(pixels, cos, -sin, sin * y - cos * x + x, sin, cos, -sin * x - cos * y + y);
    }

    /**
     * The pixel with centre (x, y) becomes what is at {@code (xx x + xy y + x0, yx x + yy y + y0)}.
     */
    private void warp(byte[] pixels, double xx, double xy, double x0, double yx, double yy, double y0) {
        System.arraycopy(pixels, 0, before, 0, shape.size());
        for (int row = 0; row < shape.height(); row++) {
            double y = row + 0.5;
            for (int column = 0; column < shape.width(); column++) {
                double x = column + 0.5;
                sample(xx * x + xy * y + x0, yx * x + yy * y + y0, pixels, row * shape.width() + column);
            }
        }
    }

    private void sample(double x, double y, byte[] target, int at) {
        boolean isInside = x >= 0 && x < shape.width() && y >= 0 && y < shape.height();
        if (isInside) {
            neighbours(x - 0.5, shape.width(), 1, columns);
            neighbours(y - 0.5, shape.height(), shape.width(), rows);
            double across = x - 0.5 - Math.floor(x - 0.5);
            double down = y - 0.5 - Math.floor(y - 0.5);
            for (int channel = 0; channel < shape.channels(); channel++) {
                int plane = channel * shape.planeSize();
                double value = cubic(
                        alongRow(plane + rows[0], across),
                        alongRow(plane + rows[1], across),
                        alongRow(plane + rows[2], across),
                        alongRow(plane + rows[3], across),
                        down);
                target[plane + at] = (byte) Math.clamp(value, 0, BRIGHTEST);
            }
        } else {
            for (int channel = 0; channel < shape.channels(); channel++) {
                target[channel * shape.planeSize() + at] = fill[channel];
            }
        }
    }

    /** Where the two pixels on either side of a place begin; behind an edge its last pixel goes on. */
    private static void neighbours(double place, int count, int stride, int[] starts) {
        int first = (int) Math.floor(place) - 1;
        for (int i = 0; i < starts.length; i++) {
            starts[i] = Math.clamp(first + i, 0, count - 1) * stride;
        }
    }

    private double alongRow(int row, double across) {
        return cubic(
                Byte.toUnsignedInt(before[row + columns[0]]),
                Byte.toUnsignedInt(before[row + columns[1]]),
                Byte.toUnsignedInt(before[row + columns[2]]),
                Byte.toUnsignedInt(before[row + columns[3]]),
                across);
    }

    /** Between the second (at 0) and the third value (at 1). Written so that four equal values give exactly that value. */
    private static double cubic(double v1, double v2, double v3, double v4, double at) {
        double first = v3 - v1;
        double second = 2 * (v1 - v2) + v3 - v4;
        double third = v2 - v1 - v3 + v4;
        return v2 + at * (first + at * (second + at * third));
    }
}
