package org.bame.kernel;

import static org.bame.kernel.Native.VECTOR_BYTES;
import static org.bame.kernel.PanelProducts.COLUMN_BYTES;
import static org.bame.kernel.PanelProducts.ROWS;

/**
 * The bias of relative positions in one window, for one head at a time. A token's code is such that the difference of two
 * codes is the place of their relative position.
 */
final class PositionBias {
    private final int[] codes;
    private final int origin;
    private final int entries;
    private final int entryBytes;

    /**
     * Of a window.
     *
     * @param size rows and columns of the windows that are not cut by an edge
     * @param heads number of heads, whose biases of one relative position lie side by side
     */
    PositionBias(AttentionWindow window, int size, int heads) {
        int side = 2 * size - 1;
        codes = new int[window.tokens()];
        for (int token = 0; token < codes.length; token++) {
            codes[token] = token % window.rows() * side + token / window.rows();
        }
        origin = side * side / 2;
        entries = side * side;
        entryBytes = heads * Float.BYTES;
    }

    /**
     * Writes the biases of some queries and keys into panels of scores; rows that are missing to a multiple of four become 0.
     *
     * @param table the head's bias of the first relative position
     * @param scores first panel
     * @param step bytes from panel to panel
     */
    void spread(long table, int firstQuery, int queries, int firstKey, int keys, long scores, long step) {
        for (int i = 0; i < PanelProducts.panels(queries) * ROWS; i++) {
            long to = scores + i / ROWS * step + (long) i % ROWS * VECTOR_BYTES;
            if (i < queries) {
                long own = table + (long) (origin + codes[firstQuery + i]) * entryBytes;
                AttentionLoops.spread(own, codes, entryBytes, firstKey, keys, to);
            } else {
                AttentionLoops.fill(to, COLUMN_BYTES, keys, 0);
            }
        }
    }

    /**
     * Adds the gradients of the scores of some queries and keys to the sums of their relative positions.
     *
     * @param sums a vector a relative position
     */
    void gather(long gradients, long step, int firstQuery, int queries, int firstKey, int keys, long sums) {
        for (int i = 0; i < queries; i++) {
            long own = sums + (long) (origin + codes[firstQuery + i]) * VECTOR_BYTES;
            AttentionLoops.gather(gradients + i / ROWS * step + (long) i % ROWS * VECTOR_BYTES, codes, firstKey, keys,
                    own);
        }
    }

    /** Relative positions. */
    int entries() {
        return entries;
    }
}
