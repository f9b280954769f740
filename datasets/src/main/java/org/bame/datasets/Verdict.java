package org.bame.datasets;

/** What is known about the origin of one file of a data set. */
public enum Verdict {
    /** Unpacked here from an archive whose published checksum matched, and unchanged since. */
    OFFICIAL,
    /** Not from a published archive, but a copy known by its SHA-256; its differences, if any, are known and stated. */
    KNOWN_VARIANT,
    /** Neither; results obtained with it cannot be compared without a doubt. */
    UNKNOWN,
    /** Computed by code of this project; there is no file. */
    GENERATED
}
