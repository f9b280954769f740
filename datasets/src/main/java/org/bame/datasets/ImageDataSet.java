package org.bame.datasets;

import java.util.Objects;

/**
 * A data set ready for training.
 *
 * @param name the name users type, for example {@code cifar10}
 * @param train images to learn from
 * @param test images to measure on, of the same shape and classes
 * @param statistics per-channel mean and standard deviation that images are normalised by, units of {@code pixel / 255}
 * @param provenance where the bytes came from
 */
public record ImageDataSet(
        String name,
        LabelledImages train,
        LabelledImages test,
        ChannelStatistics statistics,
        DataProvenance provenance)
        implements
            DataSet {

    /** Checks that the parts belong together. */
    public ImageDataSet {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(provenance, "provenance");
        if (!train.shape().equals(test.shape()) || train.classes() != test.classes()) {
            throw new IllegalArgumentException("Train and test of " + name + " must agree, got " + train.shape()
                    + " with " + train.classes() + " classes and " + test.shape() + " with " + test.classes() + ".");
        }
        if (statistics.channels() != train.shape().channels()) {
            throw new IllegalArgumentException("Statistics of " + name + " cover " + statistics.channels()
                    + " channels, expected " + train.shape().channels() + ".");
        }
    }

    /** An in-memory data set normalised by the statistics of its own training images. */
    public static ImageDataSet of(String name, InMemoryImages train, InMemoryImages test, DataProvenance provenance) {
        return new ImageDataSet(name, train, test, ChannelStatistics.of(train), provenance);
    }

    /**
     * This data set with batches of another extent.
     *
     * @param side rows and columns, in pixels; 0 for the extent it has
     * @throws DataSetException if its images have one extent only, and it is another one
     */
    public ImageDataSet at(int side) {
        if (side == 0) {
            return this;
        }
        ImageShape other = new ImageShape(shape().channels(), side, side);
        return new ImageDataSet(name, train.at(other), test.at(other), statistics, provenance);
    }

    /** Extent of every image. */
    public ImageShape shape() {
        return train.shape();
    }

    @Override
    public int trainSize() {
        return train.size();
    }

    /** Number of classes. */
    @Override
    public int classes() {
        return train.classes();
    }
}
