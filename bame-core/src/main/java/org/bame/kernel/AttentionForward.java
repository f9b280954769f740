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

    /** Below any score: what a query must not see gets the probability 0. */
    static final float UNSEEN = -1e30f;

    private final HeadPanels head;
    private final float scale;
    private final boolean causal;
    private final Storage memory;
    private final long keys;
    private final long values;
    private final long queries;
    private final long scores;
    private final long sums;
    private final long largest;
    private final long inverses;

    AttentionForward(AttentionShape shape, int widthBytes) {
        head = new HeadPanels(shape.tokens(), shape.headSize(), widthBytes);
        scale = (float) shape.scale();
        causal = shape.causal();
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
     * Runs it; addresses are of the first token's vector.
     *
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
    void run(long q, long k, long v, long step, long mask, long top, long inverse, long statisticsStep, long y,
            long outStep) {
        // Values are needed with features as rows; on the way there they rest where the keys will lie.
        head.pack(v, step, head.tokens(), 1, mask, keys);
        head.transposeAll(keys, values);
        head.pack(k, step, head.tokens(), 1, mask, keys);
        for (int first = 0; first < head.tokens(); first += QUERIES) {
            int count = Math.min(QUERIES, head.tokens() - first);
            int seen = causal ? first + count : head.tokens();
            head.pack(q + first * step, step, count, scale, mask, queries);
            probabilities(first, count, seen);
            PanelProducts.multiply(values, head.featurePanels(), head.featurePanelBytes(), scores,
                    PanelProducts.panels(count), head.featurePanelBytes(), seen, sums, head.tokenPanelBytes());
            for (int i = 0; i < count; i++) {
                long factor = inverses + (long) i * VECTOR_BYTES;
                AttentionLoops.scale(head.row(sums, i), COLUMN_BYTES, head.features(), factor,
                        y + (first + i) * outStep, head.widthBytes());
                AttentionLoops.copy(largest + (long) i * VECTOR_BYTES, 0, 1, 1, mask,
                        top + (first + i) * statisticsStep, 0);
                AttentionLoops.copy(factor, 0, 1, 1, mask, inverse + (first + i) * statisticsStep, 0);
            }
        }
    }

    /** Exponentials of the scores of some queries, not yet divided by their sums. */
    private void probabilities(int first, int count, int seen) {
        int panels = PanelProducts.panels(count);
        PanelProducts.multiply(keys, PanelProducts.panels(seen), head.tokenPanelBytes(), queries, panels,
                head.tokenPanelBytes(), head.features(), scores, head.featurePanelBytes());
        for (int panel = 0; panel < panels; panel++) {
            long at = scores + panel * head.featurePanelBytes();
            if (causal) {
                hideLater(at, first + panel * ROWS, 0, seen);
            }
            AttentionLoops.largest(at, seen, largest + (long) panel * ROWS * VECTOR_BYTES);
            for (int i = panel * ROWS; i < panel * ROWS + ROWS; i++) {
                AttentionLoops.exponentials(at + (long) i % ROWS * VECTOR_BYTES, seen,
                        largest + (long) i * VECTOR_BYTES, inverses + (long) i * VECTOR_BYTES);
            }
        }
    }

    /**
     * Hides from the four queries of a panel of scores all keys behind them.
     *
     * @param firstQuery token of the first query
     * @param firstKey token of the first key
     * @param keys number of keys
     */
    static void hideLater(long scores, int firstQuery, int firstKey, int keys) {
        for (int i = 0; i < ROWS; i++) {
            int visible = Math.clamp((long) firstQuery + i + 1 - firstKey, 0, keys);
            AttentionLoops.fill(scores + visible * COLUMN_BYTES + (long) i * VECTOR_BYTES, COLUMN_BYTES,
                    keys - visible, UNSEEN);
        }
    }
}
