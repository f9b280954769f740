package org.bame.datasets.pipeline;

/** What is done to a training image before it is normalised. */
public enum Augmentation {
    /** Nothing: the image as it is. */
    NONE,
    /**
     * Zero-pad by {@link #PADDING} pixels on every side, cut out a window of the original size at a position uniform
     * among all {@code (2 * 4 + 1)^2}, then mirror left to right with probability one half. The padding is black in
     * the raw image, so it takes the normalised value of pixel 0 and not the value 0 (as torchvision's RandomCrop does
     * when it stands before Normalize).
     */
    PAD_CROP_FLIP;

    /** Pixels of padding on each side. */
    public static final int PADDING = 4;
}
