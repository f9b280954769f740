package org.bame.datasets;

import java.util.List;
import java.util.Objects;

/**
 * Where a data set's bytes came from, to be written beside every result obtained with them.
 *
 * @param description one line for reports, for example {@code CIFAR-10, 177 of 60,000 images JPEG-decoded}
 * @param files every file read, with its checksum and verdict
 * @param warnings what a reader of the results should know; empty if nothing is in doubt
 */
public record DataProvenance(String description, List<SourceFile> files, List<String> warnings) {

    /** Takes unmodifiable copies. */
    public DataProvenance {
        Objects.requireNonNull(description, "description");
        files = List.copyOf(files);
        warnings = List.copyOf(warnings);
    }
}
