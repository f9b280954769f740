package org.bame.kernel;

import static org.bame.kernel.Native.VECTOR_BYTES;
import static org.bame.kernel.PanelProducts.COLUMN_BYTES;
import static org.bame.kernel.PanelProducts.ROWS;

/**
 * Attention of one head and one vector of images, with memory of its own: some queries at a time, against all keys. The
 * scores of so many queries and the keys and values stay in L2 up to about 100 tokens; with more, keys and values stream
 * from L3 once for every {@value #QUERIES} queries: 8 bytes a cycle and core at full arithmetic speed.
 */
final class AttentionForward {
    /** Queries that share a pass over keys and values. */
    private static final int QUERIES = 16;

    private final float scale;
    private final Storage memory;
    private final long keys;
    private final long values;
    private final long queries;
    private final long scores;
    private final long sums;
    private final long largest;
    private final long inverses;

    /**
     * For windows up to a size.
     *
     * @param head panels of the largest window
     */
    AttentionForward(HeadPanels head, float scale) {
        this.scale = scale;
        long queryBytes = QUERIES / ROWS * head.tokenPanelBytes();
        long scoreBytes = QUERIES / ROWS * head.featurePanelBytes();
        long bytes = 2 * head.bytes() + 2 * queryBytes + scoreBytes + 2L * QUERIES * VECTOR_BYTES;
        memory = Storage.allocate(ElementType.FLOAT, bytes / Float.BYTES);
        keys = memory.address();
        values = keys + head.bytes();
        queries = values + head.bytes();
        sums = queries + queryBytes;
        scores = sums + queryBytes;
        largest = scores + scoreBytes;
        inverses = largest + (long) QUERIES * VECTOR_BYTES;
    }

    /**
     * Runs it for one window; addresses are of the image's first token's vector.
     *
     * @param window whose scores they are
     * @param table the head's first bias of relative positions; any number if there is none
     * @param q queries
     * @param k keys
     * @param v values
     * @param step bytes from token to token of these
     * @param mask one vector of bits of the images
     * @param top receives the largest scores
     * @param inverse receives the inverse sums
     * @param statisticsStep bytes from token to token of these
     * @param y receives the result
     * @param outStep bytes from token to token of it
     */
    void run(AttentionScores window, long table, long q, long k, long v, long step, long mask, long top, long inverse,
            long statisticsStep, long y, long outStep) {
        HeadPanels head = window.head();
        // Values are needed with features as rows; on the way there they rest where the keys will lie.
        head.pack(v, step, 0, head.tokens(), 1, mask, keys);
        head.transposeAll(keys, values);
        head.pack(k, step, 0, head.tokens(), 1, mask, keys);
        for (int first = 0; first < head.tokens(); first += QUERIES) {
            int count = Math.min(QUERIES, head.tokens() - first);
            int seen = window.causal() ? first + count : head.tokens();
            head.pack(q, step, first, count, scale, mask, queries);
            probabilities(window, table, first, count, seen);
            PanelProducts.multiply(values, head.featurePanels(), head.featurePanelBytes(), scores,
                    PanelProducts.panels(count), head.featurePanelBytes(), seen, sums, head.tokenPanelBytes());
            for (int i = 0; i < count; i++) {
                long factor = inverses + (long) i * VECTOR_BYTES;
                AttentionLoops.scale(head.row(sums, i), COLUMN_BYTES, head.features(), factor,
                        head.at(y, outStep, first + i), head.widthBytes());
                AttentionLoops.copy(largest + (long) i * VECTOR_BYTES, 0, 1, 1, mask,
                        head.at(top, statisticsStep, first + i), 0);
                AttentionLoops.copy(factor, 0, 1, 1, mask, head.at(inverse, statisticsStep, first + i), 0);
            }
        }
    }

    /** Exponentials of the scores of some queries, not yet divided by their sums. */
    private void probabilities(AttentionScores window, long table, int first, int count, int seen) {
        long panelBytes = window.head().featurePanelBytes();
        window.compute(table, keys, 0, seen, queries, first, count, scores, panelBytes);
        for (int panel = 0; panel < PanelProducts.panels(count); panel++) {
            long at = scores + panel * panelBytes;
            AttentionLoops.largest(at, seen, largest + (long) panel * ROWS * VECTOR_BYTES);
            for (int i = panel * ROWS; i < panel * ROWS + ROWS; i++) {
                AttentionLoops.exponentials(at + (long) i % ROWS * VECTOR_BYTES, seen,
                        largest + (long) i * VECTOR_BYTES, inverses + (long) i * VECTOR_BYTES);
            }
        }
    }
}
