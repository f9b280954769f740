package org.bame.kernel;

import static org.bame.kernel.Native.VECTOR_BYTES;

import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Attention on vectors of images, {@link ElementType#FLOAT} only. A task is one head of one window of one vector of images:
 * tasks share no sums, and what they give to the gradient of a bias is added in their order; so results have the same bits
 * whatever the number of threads.
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
    private final int biases;
    private final int tasks;
    private final long headBytes;
    private final long partBytes;
    private final long inputStep;
    private final long outputStep;
    private final long statisticsStep;
    private final AttentionScores[] windows;
    private final HeadPanels largest;
    private final AttentionForward[] forwards;
    /** Made when the first gradient is asked for: inference needs none. */
    private AttentionBackward[] backwards;
    /** What each task gives to the gradients of its head's biases; null if there are none, or no gradient was asked for. */
    private Storage biasGradients;

    private final WorkerPool.Task forwardTask = this::forwardHead;
    private final WorkerPool.Task backwardTask = this::backwardHead;

    /** Arguments of the call in progress, for the tasks; as storages, so that their memory stays reachable. */
    private Storage qkv;
    private Storage bias;
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
        biases = shape.scope().biasesPerHead();
        windows = shape.scope().windows(shape.input()).stream().map(this::scores).toArray(AttentionScores[]::new);
        largest = Stream.of(windows).map(AttentionScores::head)
                .max(Comparator.comparingInt(HeadPanels::tokens)).orElseThrow();
        tasks = Math.multiplyExact(Math.multiplyExact(batch.blocks(), windows.length), shape.heads() * vectors);
        headBytes = (long) shape.headSize() * widthBytes;
        partBytes = shape.heads() * headBytes;
        inputStep = 3 * partBytes;
        outputStep = partBytes;
        statisticsStep = 2L * shape.heads() * widthBytes;
        forwards = new AttentionForward[pool.threads()];
        for (int i = 0; i < forwards.length; i++) {
            forwards[i] = new AttentionForward(largest, (float) shape.scale());
        }
    }

    private AttentionScores scores(AttentionWindow window) {
        PositionBias positions = shape.scope() instanceof AttentionScope.Windows cut
                ? new PositionBias(window, cut.size(), shape.heads())
                : null;
        boolean causal = shape.scope() instanceof AttentionScope.Causal;
        return new AttentionScores(new HeadPanels(window, shape.headSize(), widthBytes), causal, positions);
    }

    @Override
    public void forward(Storage qkv, Storage bias, Storage statistics, Storage y) {
        Checks.activations("qkv", qkv, ElementType.FLOAT, batch, shape.input());
        shape.checkBias("bias", bias, ElementType.FLOAT);
        Checks.activations("statistics", statistics, ElementType.FLOAT, batch, statisticsShape);
        Checks.activations("y", y, ElementType.FLOAT, batch, output);
        this.qkv = qkv;
        this.bias = bias;
        this.statistics = statistics;
        this.y = y;
        pool.run(tasks, forwardTask);
    }

    @Override
    public void backward(
            Storage qkv, Storage bias, Storage statistics, Storage y, Storage dy, Storage dqkv, Storage dBias) {
        Checks.activations("qkv", qkv, ElementType.FLOAT, batch, shape.input());
        shape.checkBias("bias", bias, ElementType.FLOAT);
        Checks.activations("statistics", statistics, ElementType.FLOAT, batch, statisticsShape);
        Checks.activations("y", y, ElementType.FLOAT, batch, output);
        Checks.activations("dy", dy, ElementType.FLOAT, batch, output);
        Checks.activations("dqkv", dqkv, ElementType.FLOAT, batch, shape.input());
        shape.checkBias("dBias", dBias, ElementType.FLOAT);
        if (backwards == null) {
            backwards = new AttentionBackward[pool.threads()];
            for (int i = 0; i < backwards.length; i++) {
                backwards[i] = new AttentionBackward(largest, (float) shape.scale(), biases);
            }
            biasGradients = biases == 0 ? null : Storage.allocate(ElementType.FLOAT, (long) tasks * biases);
        }
        this.qkv = qkv;
        this.bias = bias;
        this.statistics = statistics;
        this.y = y;
        this.dy = dy;
        this.dqkv = dqkv;
        pool.run(tasks, backwardTask);
        if (biases > 0) {
            sumBiasGradients(dBias);
        }
    }

    private void sumBiasGradients(Storage dBias) {
        for (int head = 0; head < shape.heads(); head++) {
            for (int i = 0; i < biases; i++) {
                double sum = 0;
                for (int first = head * vectors; first < tasks; first += shape.heads() * vectors) {
                    for (int task = first; task < first + vectors; task++) {
                        sum += biasGradients.get((long) task * biases + i);
                    }
                }
                dBias.set((long) i * shape.heads() + head, sum);
            }
        }
    }

    private void forwardHead(int task, int worker) {
        long q = head(qkv, inputStep, task);
        long top = top(task);
        forwards[worker].run(windows[window(task)], table(task), q, q + partBytes, q + 2 * partBytes, inputStep,
                mask(task), top, top + (long) shape.heads() * widthBytes, statisticsStep, head(y, outputStep, task),
                outputStep);
    }

    private void backwardHead(int task, int worker) {
        long top = top(task);
        backwards[worker].run(windows[window(task)], table(task), head(qkv, inputStep, task), partBytes, inputStep,
                mask(task), top, top + (long) shape.heads() * widthBytes, statisticsStep, head(y, outputStep, task),
                head(dy, outputStep, task), outputStep, head(dqkv, inputStep, task));
        if (biases > 0) {
            backwards[worker].sumBiases(biases, mask(task),
                    biasGradients.address() + (long) task * biases * Float.BYTES);
        }
    }

    // Tasks are numbered by vectors first, then heads, then windows, then blocks.

    private int block(int task) {
        return task / (vectors * shape.heads() * windows.length);
    }

    private int window(int task) {
        return task / (vectors * shape.heads()) % windows.length;
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

    /** The head's bias of the first relative position; any number if there is none. */
    private long table(int task) {
        return biases == 0 ? 0 : bias.address() + (long) headOf(task) * Float.BYTES;
    }

    private long top(int task) {
        return statistics.address() + block(task) * shape.tokens() * statisticsStep
                + (long) headOf(task) * widthBytes + lane(task);
    }
}
