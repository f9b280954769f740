package org.bame.kernel;

/** What is the same for all tiles of a pass over lists of single rows. One instance a worker, refilled for each pass. */
final class RowPass extends TilePass {
    /** Row r's list of the pass starts at {@code pointers[pointer + r]} and ends at the next pointer. */
    int[] pointers;
    int pointer;
    /** Address of entry 0. */
    long list;
    int firstRow;
    int endRow;
}
