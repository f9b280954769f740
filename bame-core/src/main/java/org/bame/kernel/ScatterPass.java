package org.bame.kernel;

/** What is the same for all tiles of a pass of a scatter over groups of 4 rows. One instance a worker, refilled for each pass. */
final class ScatterPass {
    /** Group g's list of the pass starts at {@code pointers[pointer + g]} and ends at the next pointer. */
    int[] pointers;
    int pointer;
    int groups;
    /** Address of entry 0. */
    long list;
    /** Rows of dY; those missing in the last group have weight 0. */
    int rows;
    /** Bytes from a row of dY to the next, and from a pixel's vector to the next. */
    long rowBytes;
    long stepBytes;
}
