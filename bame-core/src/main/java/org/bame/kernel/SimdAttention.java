package org.bame.kernel;

import static org.bame.kernel.Native.VECTOR_BYTES;

/**
 * Attention on vectors of images, {@link ElementType#FLOAT} only. A task is one head of one vector of images: tasks share
 * no sums, so results have the same bits whatever the number of threads.
 */
final class SimdAttention implements AttentionKernel {
    private final WorkerPool pool;
    private final AttentionShape shape;
    private final FeatureShape output;
    private final FeatureShape statisticsShape;
    private final BatchLayout batch;
    private final LaneMasks masks;
    private final int widthBytes;
    private final int vectors;
    private final int tasks;
    private final long headBytes;
    private final long partBytes;
    private final long inputStep;
    private final long outputStep;
    private final long statisticsStep;
    private final AttentionForward[] forwards;
    /** Made when the first gradient is asked for: inference needs none. */
    private AttentionBackward[] backwards;

    private final WorkerPool.Task forwardTask = this::forwardHead;
    private final WorkerPool.Task backwardTask = this::backwardHead;

    /** Arguments of the call in progress, for the tasks; as storages, so that their memory stays reachable. */
    private Storage qkv;
    private Storage statistics;
    private Storage y;
    private Storage dy;
    private Storage dqkv;

    SimdAttention(WorkerPool pool, AttentionShape shape, BatchLayout batch) {
        this.pool = pool;
        this.shape = shape;
        this.output = shape.output();
        this.statisticsShape = shape.statistics();
        this.batch = batch;
        masks = new LaneMasks(batch);
        widthBytes = batch.blockWidth() * Float.BYTES;
        vectors = widthBytes / VECTOR_BYTES;
        tasks = Math.multiplyExact(batch.blocks(), shape.heads() * vectors);
        headBytes = (long) shape.headSize() * widthBytes;
        partBytes = shape.heads() * headBytes;
        inputStep = 3 * partBytes;
        outputStep = partBytes;
        statisticsStep = 2L * shape.heads() * widthBytes;
        forwards = new AttentionForward[pool.threads()];
        for (int i = 0; i < forwards.length; i++) {
            forwards[i] = new AttentionForward(shape, widthBytes);
        }
    }

    @Override
    public void forward(Storage qkv, Storage statistics, Storage y) {
        Checks.activations("qkv", qkv, ElementType.FLOAT, batch, shape.input());
        Checks.activations("statistics", statistics, ElementType.FLOAT, batch, statisticsShape);
        Checks.activations("y", y, ElementType.FLOAT, batch, output);
        this.qkv = qkv;
        this.statistics = statistics;
        this.y = y;
        pool.run(tasks, forwardTask);
    }

    @Override
    public void backward(Storage qkv, Storage statistics, Storage y, Storage dy, Storage dqkv) {
        Checks.activations("qkv", qkv, ElementType.FLOAT, batch, shape.input());
        Checks.activations("statistics", statistics, ElementType.FLOAT, batch, statisticsShape);
        Checks.activations("y", y, ElementType.FLOAT, batch, output);
        Checks.activations("dy", dy, ElementType.FLOAT, batch, output);
        Checks.activations("dqkv", dqkv, ElementType.FLOAT, batch, shape.input());
        if (backwards == null) {
            backwards = new AttentionBackward[pool.threads()];
            for (int i = 0; i < backwards.length; i++) {
                backwards[i] = new AttentionBackward(shape, widthBytes);
            }
        }
        this.qkv = qkv;
        this.statistics = statistics;
        this.y = y;
        this.dy = dy;
        this.dqkv = dqkv;
        pool.run(tasks, backwardTask);
    }

    private void forwardHead(int task, int worker) {
        long q = head(qkv, inputStep, task);
        long top = top(task);
        forwards[worker].run(q, q + partBytes, q + 2 * partBytes, inputStep, mask(task), top,
                top + (long) shape.heads() * widthBytes, statisticsStep, head(y, outputStep, task), outputStep);
    }

    private void backwardHead(int task, int worker) {
        long top = top(task);
        backwards[worker].run(head(qkv, inputStep, task), partBytes, inputStep, mask(task), top,
                top + (long) shape.heads() * widthBytes, statisticsStep, head(y, outputStep, task),
                head(dy, outputStep, task), outputStep, head(dqkv, inputStep, task));
    }

    // Tasks are numbered by vectors first, then heads, then blocks.

    private int block(int task) {
        return task / (vectors * shape.heads());
    }

    private int headOf(int task) {
        return task / vectors % shape.heads();
    }

    private long lane(int task) {
        return (long) task % vectors * VECTOR_BYTES;
    }

    private long mask(int task) {
        return masks.lanes(block(task)) + lane(task);
    }

    /** First token's first feature of a head. */
    private long head(Storage activations, long step, int task) {
        return activations.address() + block(task) * shape.tokens() * step + headOf(task) * headBytes + lane(task);
    }

    private long top(int task) {
        return statistics.address() + block(task) * shape.tokens() * statisticsStep
                + (long) headOf(task) * widthBytes + lane(task);
    }
}
