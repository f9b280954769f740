package org.bame.datasets;

/**
 * Labelled images of one extent, from which the batches of an epoch are made. Where the pixels are is the
 * implementation's affair. Immutable, and safe to read from several threads.
 */
public sealed interface LabelledImages permits InMemoryImages, ImageFiles {

    /** Extent of every image, as batches have it. */
    ImageShape shape();

    /** Number of classes; labels are smaller than this. */
    int classes();

    /** Number of images. */
    int size();

    /** The class of an image, {@code 0 .. classes - 1}. */
    int label(int image);

    /**
     * The first images of this set, without copying.
     *
     * @param count how many, 0 to {@link #size()}
     * @throws IllegalArgumentException if there are fewer
     */
    LabelledImages first(int count);

    /**
     * The same images for batches of another extent.
     *
     * @throws DataSetException if these images have one extent only, and it is another one
     */
    LabelledImages at(ImageShape shape);
}
