package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static org.bame.kernel.Native.MEMORY;
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

    private final float scale;
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
    private final long biasSums;

    /**
     * For windows up to a size.
     *
     * @param head panels of the largest window
     * @param biases of relative positions of a head
     */
    AttentionBackward(HeadPanels head, float scale, int biases) {
        this.scale = scale;
        long bytes = head.bytes();
        long all = 10 * bytes + 4 * TILE_BYTES + (long) (head.tokens() + biases) * VECTOR_BYTES;
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
        biasSums = means + (long) head.tokens() * VECTOR_BYTES;
    }

    /**
     * Runs it for one window; addresses are of the image's first token's vector.
     *
     * @param window whose scores they are
     * @param table the head's first bias of relative positions; any number if there is none
     * @param q queries
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
    void run(AttentionScores window, long table, long q, long parts, long step, long mask, long top, long inverse,
            long statisticsStep, long y, long dy, long outStep, long dq) {
        HeadPanels head = window.head();
        head.pack(q, step, 0, head.tokens(), scale, mask, queries);
        head.transposeAll(queries, queriesTransposed);
        head.pack(q + parts, step, 0, head.tokens(), 1, mask, keys);
        head.transposeAll(keys, keysTransposed);
        head.pack(q + 2 * parts, step, 0, head.tokens(), 1, mask, values);
        head.pack(dy, outStep, 0, head.tokens(), 1, mask, gradients);
        head.transposeAll(gradients, gradientsTransposed);
        for (int token = 0; token < head.tokens(); token++) {
            AttentionLoops.dot(head.at(y, outStep, token), head.at(dy, outStep, token), head.widthBytes(),
                    head.features(), mask, means + (long) token * VECTOR_BYTES);
        }
        Native.clear(dQueries, head.bytes());
        Native.clear(dKeys, head.bytes());
        Native.clear(dValues, head.bytes());
        if (window.bias() != null) {
            Native.clear(biasSums, (long) window.bias().entries() * VECTOR_BYTES);
        }
        for (int key = 0; key < head.tokens(); key += TILE) {
            for (int query = window.causal() ? key : 0; query < head.tokens(); query += TILE) {
                int queryCount = Math.min(TILE, head.tokens() - query);
                int keyCount = Math.min(TILE, head.tokens() - key);
                scoreGradients(window, table, query, queryCount, key, keyCount, top, inverse, statisticsStep);
                addGradients(window, query, queryCount, key, keyCount);
            }
        }
        head.unpack(dQueries, scale, mask, dq, step);
        head.unpack(dKeys, 1, mask, dq + parts, step);
        head.unpack(dValues, 1, mask, dq + 2 * parts, step);
    }

    /**
     * Writes the sums over images of the latest window's gradients of biases.
     *
     * @param mask one vector of bits of the images
     * @param to receives a number a relative position
     */
    void sumBiases(int biases, long mask, long to) {
        AttentionLoops.copy(biasSums, VECTOR_BYTES, biases, 1, mask, biasSums, VECTOR_BYTES);
        for (int i = 0; i < biases; i++) {
            float sum = LaneSums.sum(biasSums + (long) i * VECTOR_BYTES);
            MEMORY.set(JAVA_FLOAT_UNALIGNED, to + (long) i * Float.BYTES, sum);
        }
    }

    /** Probabilities and the gradients of scores of a tile. */
    private void scoreGradients(
            AttentionScores window, long table, int query, int queryCount, int key, int keyCount, long top,
            long inverse, long statisticsStep) {
        HeadPanels head = window.head();
        int queryPanels = PanelProducts.panels(queryCount);
        int keyPanels = PanelProducts.panels(keyCount);
        window.compute(table, head.row(keys, key), key, keyCount, head.row(queries, query), query, queryCount, scores,
                TILE_STEP);
        PanelProducts.multiply(head.row(values, key), keyPanels, head.tokenPanelBytes(), head.row(gradients, query),
                queryPanels, head.tokenPanelBytes(), head.features(), dScores, TILE_STEP);
        for (int i = 0; i < queryCount; i++) {
            long at = i / ROWS * TILE_STEP + (long) i % ROWS * VECTOR_BYTES;
            AttentionLoops.scoreGradients(scores + at, dScores + at, keyCount,
                    head.at(top, statisticsStep, query + i), head.at(inverse, statisticsStep, query + i),
                    means + (long) (query + i) * VECTOR_BYTES);
        }
        if (window.bias() != null) {
            window.bias().gather(dScores, TILE_STEP, query, queryCount, key, keyCount, biasSums);
        }
        HeadPanels.transpose(scores, queryPanels, TILE_STEP, keyPanels, scoresTransposed, TILE_STEP);
        HeadPanels.transpose(dScores, queryPanels, TILE_STEP, keyPanels, dScoresTransposed, TILE_STEP);
    }

    /** Adds what a tile gives to the gradients of its values, keys and queries. */
    private void addGradients(AttentionScores window, int query, int queryCount, int key, int keyCount) {
        HeadPanels head = window.head();
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
