package org.bame.datasets;

/** A data set ready for training. */
public sealed interface DataSet permits ImageDataSet, TextDataSet {

    /** The name users type, for example {@code cifar10}. */
    String name();

    /** Samples to learn from: images, or windows of a text. */
    int trainSize();

    /** Number of classes that a prediction chooses from: those of images, or the different characters of a text. */
    int classes();

    /** Where the bytes came from. */
    DataProvenance provenance();
}
