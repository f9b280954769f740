package org.bame.kernel;

/**
 * What is the same for all tiles of a task of a scatter over groups of 4 rows. One instance a worker, refilled for each task
 * and, as {@link TilePass}, not written by tiles.
 */
final class ScatterPass {
    /** Group g's list of a pass starts at {@code pointers[pointer + g]} and ends at the next; {@code pointer} is the pass's. */
    int[] pointers;
    int groups;
    /** Address of entry 0. */
    long list;
    /** Rows of dY; those missing in the last group have weight 0. */
    int rows;
    /** Bytes from a row of dY to the next, and from a pixel's vector to the next. */
    long rowBytes;
    long stepBytes;
}
