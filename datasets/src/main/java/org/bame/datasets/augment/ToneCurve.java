package org.bame.datasets.augment;

import java.util.Arrays;
import org.bame.datasets.ImageShape;

/**
 * Operations that give every level of a channel another one, wherever it is: a table of 256 levels is filled, then
 * applied. Tables are those of Pillow's {@code ImageOps} and {@code ImageEnhance}, rounding included. For one thread.
 */
final class ToneCurve {

    private static final int LEVELS = 256;
    private static final int BRIGHTEST = LEVELS - 1;
    private static final int LEVEL_BITS = 8;
    /** {@code SolarizeAdd} brightens only what is darker. */
    private static final int MIDDLE = 128;

    private final ImageShape shape;
    private final byte[] table = new byte[LEVELS];
    private final int[] histogram = new int[LEVELS];

    ToneCurve(ImageShape shape) {
        this.shape = shape;
    }

    /** Negative: {@code 255 - level}. */
    void invert(byte[] pixels) {
        solarize(pixels, 0);
    }

    /** Levels of {@code threshold} and above become their negative. */
    void solarize(byte[] pixels, int threshold) {
        for (int level = 0; level < LEVELS; level++) {
            table[level] = (byte) (level < threshold ? level : BRIGHTEST - level);
        }
        applyToAll(pixels);
    }

    /** Levels below 128 are brightened by {@code added}. */
    void solarizeAdd(byte[] pixels, int added) {
        for (int level = 0; level < LEVELS; level++) {
            table[level] = (byte) (level < MIDDLE ? Math.min(BRIGHTEST, level + added) : level);
        }
        applyToAll(pixels);
    }

    /**
     * Clears all but the highest bits.
     *
     * @param bits that are kept, 0 to 8; 0 leaves a black image
     */
    void posterize(byte[] pixels, int bits) {
        int mask = -(1 << LEVEL_BITS - bits);
        for (int level = 0; level < LEVELS; level++) {
            table[level] = (byte) (level & mask);
        }
        applyToAll(pixels);
    }

    /** Away from black, or towards it for factors below 1. */
    void brightness(byte[] pixels, float factor) {
        awayFrom(0, pixels, factor);
    }

    /** Away from the image's mean luma, rounded, or towards it for factors below 1. */
    void contrast(byte[] pixels, float factor) {
        long sum = 0;
        for (int at = 0; at < shape.planeSize(); at++) {
            sum += Luma.of(pixels, at, shape.planeSize());
        }
        awayFrom((int) ((double) sum / shape.planeSize() + 0.5), pixels, factor);
    }

    private void awayFrom(int origin, byte[] pixels, float factor) {
        for (int level = 0; level < LEVELS; level++) {
            table[level] = Extrapolation.level(origin, level, factor);
        }
        applyToAll(pixels);
    }

    /** Stretches each channel so that its darkest level becomes 0 and its brightest 255. */
    void autoContrast(byte[] pixels) {
        for (int channel = 0; channel < shape.channels(); channel++) {
            count(pixels, channel);
            int darkest = 0;
            while (histogram[darkest] == 0) {
                darkest++;
            }
            int brightest = BRIGHTEST;
            while (histogram[brightest] == 0) {
                brightest--;
            }
            if (darkest < brightest) {
                double scale = (double) BRIGHTEST / (brightest - darkest);
                double offset = -darkest * scale;
                for (int level = 0; level < LEVELS; level++) {
                    table[level] = (byte) Math.clamp((int) (level * scale + offset), 0, BRIGHTEST);
                }
                apply(pixels, channel);
            }
        }
    }

    /**
     * Spreads each channel's levels so that about as many pixels lie in each part of the scale. A channel with fewer than
     * 255 pixels darker than its brightest level stays as it is.
     */
    void equalize(byte[] pixels) {
        for (int channel = 0; channel < shape.channels(); channel++) {
            count(pixels, channel);
            int brightest = BRIGHTEST;
            while (histogram[brightest] == 0) {
                brightest--;
            }
            int step = (shape.planeSize() - histogram[brightest]) / BRIGHTEST;
            if (step > 0) {
                int below = step / 2;
                for (int level = 0; level < LEVELS; level++) {
                    table[level] = (byte) Math.min(BRIGHTEST, below / step);
                    below += histogram[level];
                }
                apply(pixels, channel);
            }
        }
    }

    private void count(byte[] pixels, int channel) {
        Arrays.fill(histogram, 0);
        int from = channel * shape.planeSize();
        for (int at = from; at < from + shape.planeSize(); at++) {
            histogram[Byte.toUnsignedInt(pixels[at])]++;
        }
    }

    private void applyToAll(byte[] pixels) {
        for (int channel = 0; channel < shape.channels(); channel++) {
            apply(pixels, channel);
        }
    }

    private void apply(byte[] pixels, int channel) {
        int from = channel * shape.planeSize();
        for (int at = from; at < from + shape.planeSize(); at++) {
            pixels[at] = table[Byte.toUnsignedInt(pixels[at])];
        }
    }
}
