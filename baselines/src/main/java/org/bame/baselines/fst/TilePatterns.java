package org.bame.baselines.fst;

import java.util.Arrays;

/**
 * The 90 ways to keep two of four in every row and every column of a 4x4 tile. A row keeps one of six pairs of columns; a
 * pattern is a pair for each row.
 */
final class TilePatterns {
    /** Rows and columns of a tile. */
    static final int SIDE = 4;
    /** Weights that a row or column keeps. */
    static final int KEPT = 2;

    /** Columns of a pair, as bits. */
    private static final int[] PAIRS = {0b0011, 0b0101, 0b0110, 0b1001, 0b1010, 0b1100};
    private static final byte[] ROW_PAIRS = generate();

    private TilePatterns() {}

    /** How many patterns there are. */
    static int count() {
        return ROW_PAIRS.length / SIDE;
    }

    /** How many pairs of columns there are. */
    static int pairs() {
        return PAIRS.length;
    }

    /** The pair that a pattern keeps in a row. */
    static int pair(int pattern, int row) {
        return ROW_PAIRS[pattern * SIDE + row];
    }

    /** Bits of the columns of a pair. */
    static int columns(int pair) {
        return PAIRS[pair];
    }

    /** All choices of a pair a row, in the order of the first row's pair, then the second's; of which every column has two. */
    private static byte[] generate() {
        int choices = PAIRS.length * PAIRS.length * PAIRS.length * PAIRS.length;
        byte[] found = new byte[choices * SIDE];
        int length = 0;
        for (int choice = 0; choice < choices; choice++) {
            int left = choice;
            for (int row = SIDE - 1; row >= 0; row--) {
                found[length + row] = (byte) (left % PAIRS.length);
                left /= PAIRS.length;
            }
            if (everyColumnHasTwo(found, length)) {
                length += SIDE;
            }
        }
        return Arrays.copyOf(found, length);
    }

    private static boolean everyColumnHasTwo(byte[] rowPairs, int from) {
        for (int column = 0; column < SIDE; column++) {
            int kept = 0;
            for (int row = 0; row < SIDE; row++) {
                kept += PAIRS[rowPairs[from + row]] >> column & 1;
            }
            if (kept != KEPT) {
                return false;
            }
        }
        return true;
    }
}
