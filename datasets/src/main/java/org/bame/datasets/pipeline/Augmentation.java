package org.bame.datasets.pipeline;

/** What is cut out of a training image, and whether it is mirrored; {@link AugmentationPolicy} says what else is done. */
public enum Augmentation {
    /** Nothing: the image as it is; of an image file what is evaluated, its scaled middle. */
    NONE,
    /**
     * Zero-pad by {@link #PADDING} pixels on every side, cut out a window of the original size at a position uniform
     * among all {@code (2 * 4 + 1)^2}, then mirror left to right with probability one half. The padding is black in
     * the raw image, so it takes the normalised value of pixel 0 and not the value 0 (as torchvision's RandomCrop does
     * when it stands before Normalize). Of an image file the scaled middle is padded.
     */
    PAD_CROP_FLIP,
    /**
     * Cut out a random region of the whole picture, scale it to the network's extent, then mirror left to right with
     * probability one half: the usual augmentation of ImageNet. The region is
     * {@link org.bame.datasets.image.RandomResizedCrop}'s, the scaling {@link org.bame.datasets.image.Resampler}'s.
     */
    RANDOM_RESIZED_CROP_FLIP;

    /** Pixels of padding on each side. */
    public static final int PADDING = 4;
}
