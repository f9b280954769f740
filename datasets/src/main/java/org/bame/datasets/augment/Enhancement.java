package org.bame.datasets.augment;

import org.bame.datasets.ImageShape;

/**
 * Colour and sharpness, each a line from a duller image through this one: Pillow's {@code ImageEnhance.Color} and
 * {@code Sharpness}. Factor 0 is the dull image, 1 this one. Keeps a buffer; for one thread.
 */
final class Enhancement {

    /** Weights of Pillow's {@code SMOOTH}: 5 for the pixel, 1 for each of its 8 neighbours. */
    private static final int SMOOTH_SUM = 13;
    private static final int FURTHER_CENTRE = 4;

    private final ImageShape shape;
    private final byte[] before;

    Enhancement(ImageShape shape) {
        this.shape = shape;
        this.before = new byte[shape.size()];
    }

    /** Away from the grey image, or towards it for factors below 1. */
    void colour(byte[] pixels, float factor) {
        int plane = shape.planeSize();
        for (int at = 0; at < plane; at++) {
            int grey = Luma.of(pixels, at, plane);
            for (int value = at; value < shape.size(); value += plane) {
                pixels[value] = Extrapolation.level(grey, Byte.toUnsignedInt(pixels[value]), factor);
            }
        }
    }

    /** Away from the smoothed image, or towards it for factors below 1. The outermost pixels stay as they are. */
    void sharpness(byte[] pixels, float factor) {
        System.arraycopy(pixels, 0, before, 0, shape.size());
        int width = shape.width();
        for (int channel = 0; channel < shape.channels(); channel++) {
            for (int row = 1; row < shape.height() - 1; row++) {
                int from = channel * shape.planeSize() + row * width;
                for (int at = from + 1; at < from + width - 1; at++) {
                    pixels[at] = Extrapolation.level(smooth(at, width), Byte.toUnsignedInt(before[at]), factor);
                }
            }
        }
    }

    private int smooth(int at, int width) {
        int sum = FURTHER_CENTRE * Byte.toUnsignedInt(before[at])
                + three(at - width)
                + three(at)
                + three(at + width);
        return (2 * sum + SMOOTH_SUM) / (2 * SMOOTH_SUM);
    }

    private int three(int at) {
        return Byte.toUnsignedInt(before[at - 1]) + Byte.toUnsignedInt(before[at]) + Byte.toUnsignedInt(before[at + 1]);
    }
}
