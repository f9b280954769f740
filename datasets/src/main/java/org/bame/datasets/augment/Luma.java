package org.bame.datasets.augment;

/** Brightness of a colour as Rec. 601 weighs it, 0.299 red, 0.587 green, 0.114 blue, in Pillow's whole numbers of 2^-16. */
final class Luma {

    private static final int RED = 19_595;
    private static final int GREEN = 38_470;
    private static final int BLUE = 7_471;
    private static final int FRACTION_BITS = 16;
    private static final int ONE_HALF = 1 << FRACTION_BITS - 1;

    private Luma() {}

    /**
     * That of one pixel.
     *
     * @param pixels unsigned bytes, red, green and blue each in a plane
     * @param at place in the first plane
     * @param plane pixels of a plane
     */
    static int of(byte[] pixels, int at, int plane) {
        return RED * Byte.toUnsignedInt(pixels[at])
                + GREEN * Byte.toUnsignedInt(pixels[at + plane])
                + BLUE * Byte.toUnsignedInt(pixels[at + 2 * plane])
                + ONE_HALF >> FRACTION_BITS;
    }
}
