package org.bame.kernel;

import static org.bame.kernel.Native.VECTOR_BYTES;
import static org.bame.kernel.PanelProducts.COLUMN_BYTES;
import static org.bame.kernel.PanelProducts.ROWS;

/**
 * Scores of the queries and keys of one window.
 *
 * @param head its panels
 * @param causal whether a token sees only itself and earlier ones
 * @param bias of relative positions; null if there is none
 */
record AttentionScores(HeadPanels head, boolean causal, PositionBias bias) {
    /** Below any score: what a query must not see gets the probability 0. */
    private static final float UNSEEN = -1e30f;

    /**
     * Computes those of some queries and keys, {@code [query / 4][key][query % 4]}.
     *
     * @param table the head's first bias; any number if there is none
     * @param keys row of the first key
     * @param queries row of the first query
     * @param step bytes from panel to panel of the scores
     */
    void compute(long table, long keys, int firstKey, int keyCount, long queries, int firstQuery, int queryCount,
            long scores, long step) {
        int keyPanels = PanelProducts.panels(keyCount);
        int queryPanels = PanelProducts.panels(queryCount);
        if (bias == null) {
            PanelProducts.multiply(keys, keyPanels, head.tokenPanelBytes(), queries, queryPanels,
                    head.tokenPanelBytes(), head.features(), scores, step);
        } else {
            bias.spread(table, firstQuery, queryCount, firstKey, keyCount, scores, step);
            PanelProducts.multiplyAdd(keys, keyPanels, head.tokenPanelBytes(), queries, queryPanels,
                    head.tokenPanelBytes(), head.features(), scores, step);
        }
        if (causal) {
            for (int i = 0; i < queryPanels * ROWS; i++) {
                int visible = Math.clamp((long) firstQuery + i + 1 - firstKey, 0, keyCount);
                AttentionLoops.fill(
                        scores + i / ROWS * step + visible * COLUMN_BYTES + (long) i % ROWS * VECTOR_BYTES,
                        COLUMN_BYTES, keyCount - visible, UNSEEN);
            }
        }
    }
}
