package org.bame.kernel;

/**
 * What is the same for all tiles of a task: the lists, and byte distances of rows and vectors in the target (or in dY). Vectors
 * lie in pairs: the next pair {@code pairBytes} on, the second of a pair {@code secondBytes}. Instances are a worker's own, refilled
 * for each task and not written by tiles: those of several workers may share cache lines ({@link CacheLines}).
 */
final class TilePass {
    long rowBytes;
    long pairBytes;
    long secondBytes;
    /** The same for what the sums start from: all 0 where that is {@link Native#ZEROS}. */
    long startRowBytes;
    long startPairBytes;
    long startSecondBytes;
    /** Row r's list of a pass starts at {@code pointers[pointer + r]} and ends at the next; {@code pointer} is the pass's. */
    int[] pointers;
    /** Address of entry 0. */
    long list;
    /** Rows, or groups of rows, from here to {@code endRow} are the task's. */
    int firstRow;
    int endRow;
}
