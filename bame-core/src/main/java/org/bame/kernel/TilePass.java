package org.bame.kernel;

/**
 * Where the numbers of a tile lie: byte distances of its rows and vectors in the target (or in dY), and in what the sums start
 * from. Vectors lie in pairs: the next pair {@code pairBytes} on, the second of a pair {@code secondBytes}.
 */
abstract sealed class TilePass permits RowPass, GroupPass {
    long rowBytes;
    long pairBytes;
    long secondBytes;
    /** The same for the start of the sums: all 0 where they start from {@link Native#ZEROS}. */
    long startRowBytes;
    long startPairBytes;
    long startSecondBytes;

    /** Sums start from zero. */
    void startFromZero() {
        startRowBytes = 0;
        startPairBytes = 0;
        startSecondBytes = 0;
    }

    /** Sums start from what the target holds. */
    void startFromTarget() {
        startRowBytes = rowBytes;
        startPairBytes = pairBytes;
        startSecondBytes = secondBytes;
    }
}
