package org.bame.datasets;

/**
 * Loads one data set by name. An implementation holds no state between calls and may be called from any thread.
 */
public interface DataSetFactory {

    /** The name users type, lower case, for example {@code cifar10}. */
    String name();

    /** One line for {@code ./bame list data-sets}: images, classes, size, and where they come from. */
    String describe();

    /** What its samples are; a network must read the same. */
    default Modality modality() {
        return Modality.IMAGES;
    }

    /**
     * Reads, downloads or generates the data set.
     *
     * @param request where to look and whether the network may be used
     * @return the data, with its provenance
     * @throws DataSetException if a file is missing, damaged or unreachable; the message names it and the remedy
     */
    DataSet load(DataRequest request);
}
