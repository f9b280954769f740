package org.bame.datasets.augment;

/** The line through two levels, as Pillow's {@code Image.blend} has it: single precision, cut off to a level. */
final class Extrapolation {

    private static final float BRIGHTEST = 255;

    private Extrapolation() {}

    /**
     * {@code origin + factor (level - origin)}, within 0 to 255: 0 gives the origin, 1 the level, more what lies beyond.
     */
    static byte level(int origin, int level, float factor) {
        return (byte) Math.clamp(origin + factor * (level - origin), 0, BRIGHTEST);
    }
}
