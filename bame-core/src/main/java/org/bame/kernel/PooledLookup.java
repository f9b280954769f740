package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static org.bame.kernel.Native.MEMORY;

/**
 * The table of vectors, spread over threads. Neighbouring images want different rows, so no vector instruction reads or
 * writes what they need; time goes into memory: 8 bytes a number of the output each way. A task of the forward pass owns
 * some tokens, one of the backward pass some features, so every sum has one order whatever the number of threads.
 */
final class PooledLookup implements LookupKernel {
    private static final int TOKENS_PER_TASK = 16;

    /** Of a task of the backward pass: a cache line of a table's row. */
    private static final int FEATURES_PER_TASK = 16;

    private final int vocabulary;
    private final FeatureShape output;
    private final FeatureShape idShape;
    private final BatchLayout batch;
    private final WorkerPool pool;
    private final int features;
    private final int tokens;
    private final long tableSize;
    private final WorkerPool.Task forwardTask = this::forwardPart;
    private final WorkerPool.Task backwardTask = this::backwardPart;

    /** Arguments of the call in progress, for the tasks; as storages, so that their memory stays reachable. */
    private Storage ids;
    private Storage table;
    private Storage vectors;

    PooledLookup(int vocabulary, FeatureShape output, BatchLayout batch, WorkerPool pool) {
        this.vocabulary = vocabulary;
        this.output = output;
        this.idShape = new FeatureShape(1, output.height(), output.width());
        this.batch = batch;
        this.pool = pool;
        this.features = output.channels();
        this.tokens = Math.multiplyExact(batch.blocks(), output.pixels());
        this.tableSize = (long) vocabulary * features;
    }

    @Override
    public void forward(Storage ids, Storage table, Storage y) {
        run(forwardTask, Math.ceilDiv(tokens, TOKENS_PER_TASK), ids, "table", table, "y", y);
    }

    @Override
    public void backward(Storage ids, Storage dy, Storage dTable) {
        run(backwardTask, Math.ceilDiv(features, FEATURES_PER_TASK), ids, "dTable", dTable, "dy", dy);
    }

    private void run(
            WorkerPool.Task task,
            int tasks,
            Storage newIds,
            String tableName,
            Storage newTable,
            String vectorsName,
            Storage newVectors) {
        Checks.activations("ids", newIds, ElementType.FLOAT, batch, idShape);
        Checks.storage(tableName, newTable, ElementType.FLOAT, tableSize);
        Checks.activations(vectorsName, newVectors, ElementType.FLOAT, batch, output);
        ids = newIds;
        table = newTable;
        vectors = newVectors;
        try {
            pool.run(tasks, task);
        } finally {
            ids = null;
            table = null;
            vectors = null;
        }
    }

    private void forwardPart(int task, int worker) {
        int end = Math.min(tokens, (task + 1) * TOKENS_PER_TASK);
        for (int token = task * TOKENS_PER_TASK; token < end; token++) {
            int images = batch.imagesIn(token / output.pixels());
            long to = vector(token, 0);
            Native.clear(to, (long) features * batch.blockWidth() * Float.BYTES);
            for (int image = 0; image < images; image++) {
                copyRow(row(token, image), to + (long) image * Float.BYTES);
            }
        }
    }

    private void copyRow(long from, long to) {
        long step = (long) batch.blockWidth() * Float.BYTES;
        for (int feature = 0; feature < features; feature++) {
            float value = MEMORY.get(JAVA_FLOAT_UNALIGNED, from + (long) feature * Float.BYTES);
            MEMORY.set(JAVA_FLOAT_UNALIGNED, to + feature * step, value);
        }
    }

    private void backwardPart(int task, int worker) {
        int first = task * FEATURES_PER_TASK;
        int count = Math.min(features - first, FEATURES_PER_TASK);
        for (int row = 0; row < vocabulary; row++) {
            long to = table.address() + ((long) row * features + first) * Float.BYTES;
            for (int feature = 0; feature < count; feature++) {
                MEMORY.set(JAVA_FLOAT_UNALIGNED, to + (long) feature * Float.BYTES, 0);
            }
        }
        for (int token = 0; token < tokens; token++) {
            int images = batch.imagesIn(token / output.pixels());
            long from = vector(token, first);
            for (int image = 0; image < images; image++) {
                addToRow(from + (long) image * Float.BYTES, row(token, image) + (long) first * Float.BYTES, count);
            }
        }
    }

    private void addToRow(long from, long to, int count) {
        long step = (long) batch.blockWidth() * Float.BYTES;
        for (int feature = 0; feature < count; feature++) {
            long at = to + (long) feature * Float.BYTES;
            float sum = MEMORY.get(JAVA_FLOAT_UNALIGNED, at)
                    + MEMORY.get(JAVA_FLOAT_UNALIGNED, from + feature * step);
            MEMORY.set(JAVA_FLOAT_UNALIGNED, at, sum);
        }
    }

    /** Address of a feature of a token of all blocks. */
    private long vector(int token, int feature) {
        return vectors.address() + ((long) token * features + feature) * batch.blockWidth() * Float.BYTES;
    }

    /** Address of the row that an image's token names. */
    private long row(int token, int image) {
        long at = ids.address() + ((long) token * batch.blockWidth() + image) * Float.BYTES;
        int row = Checks.row(MEMORY.get(JAVA_FLOAT_UNALIGNED, at), vocabulary);
        return table.address() + (long) row * features * Float.BYTES;
    }
}
