package org.bame.datasets.augment;

import java.util.List;
import org.bame.datasets.ChannelStatistics;
import org.bame.datasets.CounterRandom;
import org.bame.datasets.ImageShape;

/**
 * RandAugment (Cubuk et al., NeurIPS 2020, arXiv 1909.13719) as DeiT trains with it, timm's {@code rand-mM-mstd0.5-inc1}:
 * two operations one after the other, each drawn from {@link Distortion} (the same one twice, too) and left out with
 * probability 1/2. How strong one is, is normally distributed about the magnitude M with deviation 0.5, within 0 to 10; to
 * which side it goes, is drawn. Geometric operations interpolate cubically and fill with the data set's mean colour. That
 * operations may be left out, the deviation, and that more strength always changes more, are timm's, not the paper's.
 *
 * <p>Keeps buffers; for one thread.
 */
public final class RandAugment {

    /** The greatest strength of an operation. */
    public static final double STRONGEST = 10;

    private static final int LAYERS = 2;
    /** Random numbers of a layer: which operation, whether at all, how strong, to which side. */
    private static final int DRAWS = 4;
    private static final double DEVIATION = 0.5;
    private static final List<Distortion> DISTORTIONS = List.of(Distortion.values());

    private static final int LEVELS = 256;
    private static final int MOST_BITS = 4;
    private static final int MOST_ADDED = 110;
    private static final double MOST_DEGREES = 30;
    private static final double MOST_SHEAR = 0.3;
    private static final double MOST_SHIFT = 0.45;
    private static final double MOST_ENHANCED = 0.9;

    private final ImageShape shape;
    private final double magnitude;
    private final AffineWarp warp;
    private final ToneCurve tone;
    private final Enhancement enhancement;

    /**
     * @param shape of every image: red, green and blue
     * @param statistics their means are the fill colour
     * @param magnitude mean strength of an operation, 0 to {@link #STRONGEST}
     */
    public RandAugment(ImageShape shape, ChannelStatistics statistics, double magnitude) {
        this.shape = shape;
        this.magnitude = magnitude;
        this.warp = new AffineWarp(shape, fill(statistics));
        this.tone = new ToneCurve(shape);
        this.enhancement = new Enhancement(shape);
    }

    private static byte[] fill(ChannelStatistics statistics) {
        byte[] fill = new byte[statistics.channels()];
        for (int channel = 0; channel < fill.length; channel++) {
            fill[channel] = (byte) Math.rint((LEVELS - 1) * statistics.mean().get(channel));
        }
        return fill;
    }

    /**
     * Changes an image.
     *
     * @param pixels unsigned bytes, {@code [channel][row][column]}
     * @param key of this image's random numbers
     */
    public void apply(byte[] pixels, long key) {
        for (int draw = 0; draw < LAYERS * DRAWS; draw += DRAWS) {
            if (CounterRandom.bits(key, draw + 1) >= 0) {
                Distortion distortion = DISTORTIONS.get(CounterRandom.below(key, draw, DISTORTIONS.size()));
                double strength = magnitude + DEVIATION * CounterRandom.normal(key, draw + 2);
                double share = Math.clamp(strength, 0, STRONGEST) / STRONGEST;
                apply(distortion, pixels, share, CounterRandom.bits(key, draw + 3) < 0 ? -1 : 1);
            }
        }
    }

    /**
     * One operation.
     *
     * @param share of the greatest strength, 0 to 1
     * @param side 1, or -1 for the other one
     */
    void apply(Distortion distortion, byte[] pixels, double share, int side) {
        float factor = (float) (1 + side * share * MOST_ENHANCED);
        switch (distortion) {
            case AUTO_CONTRAST -> tone.autoContrast(pixels);
            case EQUALIZE -> tone.equalize(pixels);
            case INVERT -> tone.invert(pixels);
            case ROTATE -> warp.rotate(pixels, side * share * MOST_DEGREES);
            case POSTERIZE -> tone.posterize(pixels, MOST_BITS - (int) (share * MOST_BITS));
            case SOLARIZE -> tone.solarize(pixels, LEVELS - (int) (share * LEVELS));
            case SOLARIZE_ADD -> tone.solarizeAdd(pixels, (int) (share * MOST_ADDED));
            case COLOUR -> enhancement.colour(pixels, factor);
            case CONTRAST -> tone.contrast(pixels, factor);
            case BRIGHTNESS -> tone.brightness(pixels, factor);
            case SHARPNESS -> enhancement.sharpness(pixels, factor);
            case SHEAR_X -> warp.shearX(pixels, side * share * MOST_SHEAR);
            case SHEAR_Y -> warp.shearY(pixels, side * share * MOST_SHEAR);
            case TRANSLATE_X -> warp.translateX(pixels, side * share * MOST_SHIFT * shape.width());
            case TRANSLATE_Y -> warp.translateY(pixels, side * share * MOST_SHIFT * shape.height());
        }
    }
}
