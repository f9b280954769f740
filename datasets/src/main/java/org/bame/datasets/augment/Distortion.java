package org.bame.datasets.augment;

/** The operations of RandAugment. Those with two sides go to either. */
enum Distortion {
    /** Each channel stretched to the whole scale; no strength. */
    AUTO_CONTRAST,
    /** Each channel's histogram made even; no strength. */
    EQUALIZE,
    /** The negative; no strength. */
    INVERT,
    /** Up to 30 degrees about the middle, two sides. */
    ROTATE,
    /** 4 down to 0 bits of a level kept: at the greatest strength the image is black. */
    POSTERIZE,
    /** The negative of levels above a threshold that falls from 256 to 0. */
    SOLARIZE,
    /** Up to 110 added to levels below 128. */
    SOLARIZE_ADD,
    /** Colour times 1 to 1.9 or to 0.1. */
    COLOUR,
    /** Contrast times 1 to 1.9 or to 0.1. */
    CONTRAST,
    /** Brightness times 1 to 1.9 or to 0.1. */
    BRIGHTNESS,
    /** Sharpness times 1 to 1.9 or to 0.1. */
    SHARPNESS,
    /** Rows shifted by up to 0.3 a row, two sides. */
    SHEAR_X,
    /** Columns shifted by up to 0.3 a column, two sides. */
    SHEAR_Y,
    /** Up to 0.45 of the width, two sides. */
    TRANSLATE_X,
    /** Up to 0.45 of the height, two sides. */
    TRANSLATE_Y
}
