package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.VECTOR_BYTES;

/**
 * The depthwise weight gradient. A task owns a range of outputs; for one output at a time it keeps a vector of partial sums
 * for each tap of a stretch of pixels in registers. Lanes are added up at the end.
 */
final class DepthwiseWeightGradient implements WorkerPool.Task {
    private static final int TASKS_PER_THREAD = 4;

    /**
     * Pixels of a stretch: enough to pay for fetching the sums, few enough for the first-level cache and the address cache,
     * since one channel's pixels lie apart by a multiple of a page.
     */
    private static final int STRETCH = 8;

    private final DepthwiseTaps taps;
    private final BatchLayout batch;
    private final WorkerPool pool;
    private final int outputs;
    private final int multiplier;
    private final int filter;
    private final int outputsPerTask;
    private final Storage[] sums;
    private final int tasks;
    private final long channelBytes;
    private final long inputPixelBytes;
    private final long outputPixelBytes;
    private final long inputBlockBytes;
    private final long outputBlockBytes;
    private long x;
    private long dy;
    private long dw;

    DepthwiseWeightGradient(Correlation forward, ConvolutionShape shape, BatchLayout batch, WorkerPool pool) {
        this.taps = new DepthwiseTaps(forward, shape, batch);
        this.batch = batch;
        this.pool = pool;
        this.outputs = shape.outputs();
        this.multiplier = outputs / shape.input().channels();
        this.filter = shape.weights().rowLength();
        this.channelBytes = (long) batch.blockWidth() * Float.BYTES;
        this.inputPixelBytes = shape.input().channels() * channelBytes;
        this.outputPixelBytes = outputs * channelBytes;
        this.inputBlockBytes = shape.input().pixels() * inputPixelBytes;
        this.outputBlockBytes = shape.output().pixels() * outputPixelBytes;
        long columns = (long) shape.kernelWidth() * shape.input().height() * channelBytes;
        int fair = Math.ceilDiv(outputs, pool.threads() * TASKS_PER_THREAD);
        this.outputsPerTask = Math.clamp(DepthwiseGather.WINDOW_BYTES / columns, 1, fair);
        this.tasks = Math.ceilDiv(outputs, outputsPerTask);
        this.sums = new Storage[pool.threads()];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = Storage.allocate(ElementType.FLOAT, (long) outputsPerTask * filter * Native.LANES);
        }
    }

    /** Computes the gradient. */
    void run(Storage input, Storage outputGradient, Storage weightGradient) {
        x = input.address();
        dy = outputGradient.address();
        dw = weightGradient.address();
        pool.run(tasks, this);
    }

    @Override
    public void run(int task, int worker) {
        int first = task * outputsPerTask;
        int end = Math.min(outputs, first + outputsPerTask);
        sums[worker].fill(0);
        for (int block = 0; block < batch.blocks(); block++) {
            for (int i = 0; i < taps.runs().size(); i++) {
                run(i, block, first, end, sums[worker].address());
            }
        }
        for (int i = first * filter; i < end * filter; i++) {
            long sum = sums[worker].address() + (long) (i - first * filter) * VECTOR_BYTES;
            MEMORY.set(JAVA_FLOAT_UNALIGNED, dw + (long) i * Float.BYTES, LaneSums.sum(sum));
        }
    }

    private void run(int index, int block, int first, int end, long firstSum) {
        PixelRun run = taps.runs().get(index);
        long list = taps.address(index);
        int count = taps.count(index);
        long xStep = run.sourceStep() * inputPixelBytes;
        long dyStep = run.targetStep() * outputPixelBytes;
        long from = x + block * inputBlockBytes + run.source() * inputPixelBytes;
        long to = dy + block * outputBlockBytes + run.target() * outputPixelBytes;
        for (int pixel = 0; pixel < run.pixels(); pixel += STRETCH) {
            int pixels = Math.min(STRETCH, run.pixels() - pixel);
            long xp = from + pixel * xStep;
            long dyp = to + pixel * dyStep;
            for (int output = first; output < end; output++) {
                long xc = xp + output / multiplier * channelBytes;
                long dyc = dyp + output * channelBytes;
                long sum = firstSum + (long) (output - first) * filter * VECTOR_BYTES;
                for (long part = 0; part < channelBytes; part += VECTOR_BYTES) {
                    tiles(list, count, pixels, xc + part, xStep, dyc + part, dyStep, sum);
                }
            }
        }
    }

    private static void tiles(
            long list, int count, int pixels, long x, long xStep, long dy, long dyStep, long sums) {
        int tap = 0;
        for (; tap + 9 <= count; tap += 9) {
            DepthwiseTiles.outer9(entry(list, tap), pixels, x, xStep, dy, dyStep, sums);
        }
        for (; tap + 3 <= count; tap += 3) {
            DepthwiseTiles.outer3(entry(list, tap), pixels, x, xStep, dy, dyStep, sums);
        }
        for (; tap < count; tap++) {
            DepthwiseTiles.outer1(entry(list, tap), pixels, x, xStep, dy, dyStep, sums);
        }
    }

    private static long entry(long list, int index) {
        return list + (long) index * DepthwiseTiles.PAIR_BYTES;
    }
}
