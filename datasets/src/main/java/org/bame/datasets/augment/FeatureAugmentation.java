package org.bame.datasets.augment;

/** Changes a normalised image, in a way that depends on the image's random numbers alone. */
public interface FeatureAugmentation {

    /**
     * Changes an image.
     *
     * @param features {@code [channel][row][column]}
     * @param offset where the image begins
     * @param number of the image in the epoch, by which its random numbers are found
     */
    void apply(float[] features, int offset, long number);
}
