package org.bame.kernel;

import static org.bame.kernel.Native.VECTOR_BYTES;
import static org.bame.kernel.PanelProducts.COLUMN_BYTES;
import static org.bame.kernel.PanelProducts.ROWS;

/**
 * Gradient of attention of one head and one vector of images, with memory of its own, tile of queries by tile of keys
 * (Dao 2023, FlashAttention-2, algorithm 2): scores and the gradients of probabilities are made again for a tile, turned
 * into probabilities and gradients of scores, and used in three products at once. What belongs to a tile of keys stays in
 * L2; what belongs to queries streams by once for every {@value #TILE} keys, 5 bytes a cycle and core at full speed.
 */
final class AttentionBackward {
    /** Queries, and keys, of a tile. */
    private static final int TILE = 32;

    private static final int TILE_PANELS = TILE / ROWS;
    private static final long TILE_STEP = TILE * COLUMN_BYTES;
    private static final long TILE_BYTES = TILE_PANELS * TILE_STEP;

    private final HeadPanels head;
    private final float scale;
    private final boolean causal;
    private final Storage memory;
    private final long queries;
    private final long queriesTransposed;
    private final long gradients;
    private final long gradientsTransposed;
    private final long keys;
    private final long keysTransposed;
    private final long values;
    private final long dQueries;
    private final long dKeys;
    private final long dValues;
    private final long scores;
    private final long scoresTransposed;
    private final long dScores;
    private final long dScoresTransposed;
    private final long means;

    AttentionBackward(AttentionShape shape, int widthBytes) {
        head = new HeadPanels(shape.tokens(), shape.headSize(), widthBytes);
        scale = (float) shape.scale();
        causal = shape.causal();
        long bytes = head.bytes();
        long all = 10 * bytes + 4 * TILE_BYTES + (long) shape.tokens() * VECTOR_BYTES;
        memory = Storage.allocate(ElementType.FLOAT, all / Float.BYTES);
        queries = memory.address();
        queriesTransposed = queries + bytes;
        gradients = queriesTransposed + bytes;
        gradientsTransposed = gradients + bytes;
        keys = gradientsTransposed + bytes;
        keysTransposed = keys + bytes;
        values = keysTransposed + bytes;
        dQueries = values + bytes;
        dKeys = dQueries + bytes;
        dValues = dKeys + bytes;
        scores = dValues + bytes;
        scoresTransposed = scores + TILE_BYTES;
        dScores = scoresTransposed + TILE_BYTES;
        dScoresTransposed = dScores + TILE_BYTES;
        means = dScoresTransposed + TILE_BYTES;
    }

    /**
     * Runs it; addresses are of the first token's vector.
     *
     * @param parts bytes from queries to keys, and from keys to values
     * @param step bytes from token to token of queries, keys, values and their gradients
     * @param mask one vector of bits of the images
     * @param top the largest scores
     * @param inverse the inverse sums
     * @param statisticsStep bytes from token to token of these
     * @param y the result
     * @param dy its gradient
     * @param outStep bytes from token to token of these
     * @param dq receives the gradients of the queries; those of keys and values lie as in {@code q}
     */
    void run(long q, long parts, long step, long mask, long top, long inverse, long statisticsStep, long y, long dy,
            long outStep, long dq) {
        head.pack(q, step, head.tokens(), scale, mask, queries);
        head.transposeAll(queries, queriesTransposed);
        head.pack(q + parts, step, head.tokens(), 1, mask, keys);
        head.transposeAll(keys, keysTransposed);
        head.pack(q + 2 * parts, step, head.tokens(), 1, mask, values);
        head.pack(dy, outStep, head.tokens(), 1, mask, gradients);
        head.transposeAll(gradients, gradientsTransposed);
        for (int token = 0; token < head.tokens(); token++) {
            AttentionLoops.dot(y + token * outStep, dy + token * outStep, head.widthBytes(), head.features(), mask,
                    means + (long) token * VECTOR_BYTES);
        }
        Native.clear(dQueries, 3 * head.bytes());
        for (int key = 0; key < head.tokens(); key += TILE) {
            for (int query = causal ? key : 0; query < head.tokens(); query += TILE) {
                int queryCount = Math.min(TILE, head.tokens() - query);
                int keyCount = Math.min(TILE, head.tokens() - key);
                scoreGradients(query, queryCount, key, keyCount, top, inverse, statisticsStep);
                addGradients(query, queryCount, key, keyCount);
            }
        }
        head.unpack(dQueries, scale, mask, dq, step);
        head.unpack(dKeys, 1, mask, dq + parts, step);
        head.unpack(dValues, 1, mask, dq + 2 * parts, step);
    }

    /** Probabilities and the gradients of scores of a tile. */
    private void scoreGradients(
            int query, int queryCount, int key, int keyCount, long top, long inverse, long statisticsStep) {
        int queryPanels = PanelProducts.panels(queryCount);
        int keyPanels = PanelProducts.panels(keyCount);
        PanelProducts.multiply(head.row(keys, key), keyPanels, head.tokenPanelBytes(), head.row(queries, query),
                queryPanels, head.tokenPanelBytes(), head.features(), scores, TILE_STEP);
        PanelProducts.multiply(head.row(values, key), keyPanels, head.tokenPanelBytes(), head.row(gradients, query),
                queryPanels, head.tokenPanelBytes(), head.features(), dScores, TILE_STEP);
        for (int i = 0; i < queryCount; i++) {
            long at = i / ROWS * TILE_STEP + (long) i % ROWS * VECTOR_BYTES;
            if (causal && i % ROWS == 0) {
                AttentionForward.hideLater(scores + at, query + i, key, keyCount);
            }
            AttentionLoops.scoreGradients(scores + at, dScores + at, keyCount, top + (query + i) * statisticsStep,
                    inverse + (query + i) * statisticsStep, means + (long) (query + i) * VECTOR_BYTES);
        }
        HeadPanels.transpose(scores, queryPanels, TILE_STEP, keyPanels, scoresTransposed, TILE_STEP);
        HeadPanels.transpose(dScores, queryPanels, TILE_STEP, keyPanels, dScoresTransposed, TILE_STEP);
    }

    /** Adds what a tile gives to the gradients of its values, keys and queries. */
    private void addGradients(int query, int queryCount, int key, int keyCount) {
        int keyPanels = PanelProducts.panels(keyCount);
        long skipQueries = query * COLUMN_BYTES;
        PanelProducts.multiplyAdd(gradientsTransposed + skipQueries, head.featurePanels(), head.featurePanelBytes(),
                scoresTransposed, keyPanels, TILE_STEP, queryCount, head.row(dValues, key), head.tokenPanelBytes());
        PanelProducts.multiplyAdd(queriesTransposed + skipQueries, head.featurePanels(), head.featurePanelBytes(),
                dScoresTransposed, keyPanels, TILE_STEP, queryCount, head.row(dKeys, key), head.tokenPanelBytes());
        PanelProducts.multiplyAdd(keysTransposed + key * COLUMN_BYTES, head.featurePanels(), head.featurePanelBytes(),
                dScores, PanelProducts.panels(queryCount), TILE_STEP, keyCount, head.row(dQueries, query),
                head.tokenPanelBytes());
    }
}
