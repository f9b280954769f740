package org.bame.datasets;

import java.util.Optional;

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

    /** The only extent that its images come in, if that is known before they are loaded; image files come in any. */
    default Optional<ImageShape> onlyShape() {
        return Optional.empty();
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
