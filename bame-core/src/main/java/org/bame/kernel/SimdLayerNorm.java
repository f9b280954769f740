package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static org.bame.kernel.Native.LANES;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.VECTOR_BYTES;

/**
 * Layer normalisation on vectors of images, {@link ElementType#FLOAT} only. A task is some rows (a row is one pixel of
 * one block); the cut depends on the shape alone, and sums over rows are combined in double precision in one order, so
 * that results have the same bits whatever the number of threads.
 */
final class SimdLayerNorm implements LayerNormKernel {
    /** Rows are cut into about so many tasks, each of at most so many rows: what single precision sums well. */
    private static final int TASKS = 64;
    private static final int MOST_ROWS = 64;

    private final WorkerPool pool;
    private final FeatureShape shape;
    private final FeatureShape statisticsShape;
    private final BatchLayout batch;
    private final float share;

    private final int rows;
    private final int rowsPerTask;
    private final int tasks;
    private final int widthBytes;
    private final long rowBytes;

    private final LaneMasks masks;
    /** Of each worker: two vectors for a pixel's means, then two vectors a channel. */
    private final Storage laneSums;
    private final long laneSumBytes;
    /** {@code [task][channel]}: what the tasks summed. */
    private final double[] gammaSums;
    private final double[] betaSums;

    private final WorkerPool.Task forwardTask = this::forwardRows;
    private final WorkerPool.Task backwardTask = this::backwardRows;

    /** Arguments of the call in progress, for the tasks; as storages, so that their memory stays reachable. */
    private Storage x;
    private Storage gamma;
    private Storage beta;
    private Storage statistics;
    private Storage out;
    private Storage dOut;
    private Storage dx;
    private float epsilon;

    SimdLayerNorm(WorkerPool pool, FeatureShape shape, BatchLayout batch) {
        this.pool = pool;
        this.shape = shape;
        this.statisticsShape = LayerNormKernel.statistics(shape);
        this.batch = batch;
        this.share = 1f / shape.channels();
        rows = Math.multiplyExact(batch.blocks(), shape.pixels());
        rowsPerTask = Math.clamp(rows / TASKS, 1, MOST_ROWS);
        tasks = (rows + rowsPerTask - 1) / rowsPerTask;
        widthBytes = batch.blockWidth() * Float.BYTES;
        rowBytes = (long) shape.channels() * widthBytes;
        masks = new LaneMasks(batch);
        laneSumBytes = 2L * VECTOR_BYTES * (1 + shape.channels());
        laneSums = Storage.allocate(ElementType.FLOAT, pool.threads() * laneSumBytes / Float.BYTES);
        gammaSums = new double[Math.multiplyExact(tasks, shape.channels())];
        betaSums = new double[gammaSums.length];
    }

    @Override
    public void forward(Storage x, double epsilon, Storage gamma, Storage beta, Storage statistics, Storage out) {
        Checks.epsilon(epsilon);
        Checks.activations("x", x, ElementType.FLOAT, batch, shape);
        Checks.storage("gamma", gamma, ElementType.FLOAT, shape.channels());
        Checks.storage("beta", beta, ElementType.FLOAT, shape.channels());
        Checks.activations("statistics", statistics, ElementType.FLOAT, batch, statisticsShape);
        Checks.activations("out", out, ElementType.FLOAT, batch, shape);
        this.x = x;
        this.epsilon = (float) epsilon;
        this.gamma = gamma;
        this.beta = beta;
        this.statistics = statistics;
        this.out = out;
        pool.run(tasks, forwardTask);
    }

    @Override
    public void backward(Storage x, Storage statistics, Storage gamma, Storage dOut, Storage dx, Storage dGamma,
            Storage dBeta) {
        Checks.activations("x", x, ElementType.FLOAT, batch, shape);
        Checks.activations("statistics", statistics, ElementType.FLOAT, batch, statisticsShape);
        Checks.storage("gamma", gamma, ElementType.FLOAT, shape.channels());
        Checks.activations("dOut", dOut, ElementType.FLOAT, batch, shape);
        Checks.activations("dx", dx, ElementType.FLOAT, batch, shape);
        Checks.storage("dGamma", dGamma, ElementType.FLOAT, shape.channels());
        Checks.storage("dBeta", dBeta, ElementType.FLOAT, shape.channels());
        this.x = x;
        this.statistics = statistics;
        this.gamma = gamma;
        this.dOut = dOut;
        this.dx = dx;
        pool.run(tasks, backwardTask);
        for (int channel = 0; channel < shape.channels(); channel++) {
            dGamma.set(channel, sum(gammaSums, channel));
            dBeta.set(channel, sum(betaSums, channel));
        }
    }

    private double sum(double[] sums, int channel) {
        double sum = 0;
        for (int i = channel; i < sums.length; i += shape.channels()) {
            sum += sums[i];
        }
        return sum;
    }

    private void forwardRows(int task, int worker) {
        for (int row = task * rowsPerTask; row < endRow(task); row++) {
            for (int v = 0; v < widthBytes; v += VECTOR_BYTES) {
                long from = x.address() + row * rowBytes + v;
                long mean = statistics.address() + 2L * row * widthBytes + v;
                long inverse = mean + widthBytes;
                SimdLayerNormLoops.mean(from, shape.channels(), widthBytes, share, mean);
                SimdLayerNormLoops.inverseDeviation(
                        from, shape.channels(), widthBytes, share, epsilon, mean, inverse);
                SimdLayerNormLoops.normalise(from, shape.channels(), widthBytes, mean, inverse, gamma.address(),
                        beta.address(), out.address() + row * rowBytes + v);
            }
        }
    }

    private void backwardRows(int task, int worker) {
        long means = laneSums.address() + worker * laneSumBytes;
        long sums = means + 2L * VECTOR_BYTES;
        Native.clear(means, laneSumBytes);
        for (int row = task * rowsPerTask; row < endRow(task); row++) {
            for (int v = 0; v < widthBytes; v += VECTOR_BYTES) {
                long at = row * rowBytes + v;
                long mask = masks.address(row / shape.pixels()) + v;
                long mean = statistics.address() + 2L * row * widthBytes + v;
                long inverse = mean + widthBytes;
                SimdLayerNormLoops.gradientSums(x.address() + at, dOut.address() + at, shape.channels(), widthBytes,
                        share, mask, mean, inverse, gamma.address(), means, sums);
                SimdLayerNormLoops.gradient(x.address() + at, dOut.address() + at, shape.channels(), widthBytes,
                        mask, mean, inverse, gamma.address(), means, dx.address() + at);
            }
        }
        keepSums(task, sums);
    }

    private int endRow(int task) {
        return Math.min(rows, (task + 1) * rowsPerTask);
    }

    /** Adds lanes in one fixed order (a lane-wise reduction does not promise one). */
    private void keepSums(int task, long sums) {
        int at = task * shape.channels();
        for (int channel = 0; channel < shape.channels(); channel++) {
            gammaSums[at + channel] = laneSum(sums + 2L * channel * VECTOR_BYTES);
            betaSums[at + channel] = laneSum(sums + (2L * channel + 1) * VECTOR_BYTES);
        }
    }

    private static double laneSum(long address) {
        double sum = 0;
        for (int lane = 0; lane < LANES; lane++) {
            sum += MEMORY.get(JAVA_FLOAT_UNALIGNED, address + 4L * lane);
        }
        return sum;
    }
}
