package org.bame.datasets.image;

import org.bame.datasets.ImageShape;

/**
 * What of a picture is evaluated: it is scaled until its shorter side is 256/224 of the network's, and the middle of that
 * is cut out (Krizhevsky et al. 2012, and torchvision's {@code Resize(256)}, {@code CenterCrop(224)} for 224). Sides and
 * borders are rounded as torchvision does.
 *
 * @param width columns of the scaled picture
 * @param height rows of the scaled picture
 * @param window the part that is evaluated
 */
public record CentreCrop(int width, int height, Region window) {

    private static final int SCALED_SIDE = 256;
    private static final int CROPPED_SIDE = 224;

    /**
     * The crop for a picture.
     *
     * @param pictureWidth its columns
     * @param pictureHeight its rows
     * @param shape what a network gets, a square
     */
    public static CentreCrop of(int pictureWidth, int pictureHeight, ImageShape shape) {
        int side = shape.height();
        int shorter = Math.toIntExact((long) side * SCALED_SIDE / CROPPED_SIDE);
        boolean upright = pictureWidth <= pictureHeight;
        int width = upright ? shorter : scaled(shorter, pictureWidth, pictureHeight);
        int height = upright ? scaled(shorter, pictureHeight, pictureWidth) : shorter;
        return new CentreCrop(width, height, new Region(border(width, side), border(height, side), side, side));
    }

    private static int scaled(int shorter, int longSide, int shortSide) {
        return Math.toIntExact((long) shorter * longSide / shortSide);
    }

    private static int border(int scaled, int side) {
        return (int) Math.rint((scaled - side) / 2.0);
    }
}
