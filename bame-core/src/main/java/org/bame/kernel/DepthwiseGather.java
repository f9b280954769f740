package org.bame.kernel;

import static org.bame.kernel.Native.LANES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import java.util.List;

/**
 * The depthwise forward product and input gradient. With one channel's few weights for each vector these are bound by memory:
 * a task takes so few channels that the columns of pixels in a window stay in the second-level cache until all have used
 * them, and reads and writes each number once.
 */
final class DepthwiseGather implements WorkerPool.Task {
    /** Part of the second-level cache for the columns of a window. */
    static final int WINDOW_BYTES = 512 * 1024;

    private static final int TASKS_PER_THREAD = 4;

    private final DepthwiseTaps taps;
    private final List<PixelRun> runs;
    private final BatchLayout batch;
    private final WorkerPool pool;
    private final int rows;
    private final int multiplier;
    private final boolean transposed;
    private final int rowsPerTask;
    private final int rowRanges;
    private final int slices;
    private final int tasks;
    private final boolean pairs;
    private final long channelBytes;
    private final long filterBytes;
    private final long sourcePixelBytes;
    private final long targetPixelBytes;
    private final long sourceBlockBytes;
    private final long targetBlockBytes;
    private long weights;
    private long source;
    private long target;
    private boolean add;
    private Epilogue epilogue;

    DepthwiseGather(Correlation gather, ConvolutionShape shape, BatchLayout batch, WorkerPool pool) {
        this.taps = new DepthwiseTaps(gather, shape, batch);
        this.runs = taps.runs();
        this.batch = batch;
        this.pool = pool;
        this.rows = gather.rows();
        this.multiplier = shape.outputs() / shape.input().channels();
        this.transposed = gather.transposed();
        this.pairs = batch.blockWidth() % (2 * LANES) == 0;
        this.channelBytes = (long) batch.blockWidth() * Float.BYTES;
        this.filterBytes = (long) shape.weights().rowLength() * Float.BYTES;
        this.sourcePixelBytes = gather.channels() * channelBytes;
        this.targetPixelBytes = gather.rows() * channelBytes;
        FeatureShape from = transposed ? shape.output() : shape.input();
        FeatureShape to = transposed ? shape.input() : shape.output();
        this.sourceBlockBytes = from.pixels() * sourcePixelBytes;
        this.targetBlockBytes = to.pixels() * targetPixelBytes;
        long columns = Math.max(1, gather.across().taps()) * from.height() * channelBytes;
        this.rowsPerTask = (int) Math.clamp(WINDOW_BYTES / columns, 1, rows);
        this.rowRanges = (rows + rowsPerTask - 1) / rowsPerTask;
        int wanted = pool.threads() == 1 ? 1 : pool.threads() * TASKS_PER_THREAD;
        this.slices = Math.clamp(Math.ceilDiv(wanted, batch.blocks() * rowRanges), 1, runs.size());
        this.tasks = batch.blocks() * rowRanges * slices;
    }

    /** Number of stretches that an epilogue hears of. */
    int stretches() {
        return runs.size();
    }

    /**
     * Computes the gather.
     *
     * @param add whether to add to the target instead of overwriting it
     * @param epilogue runs after each run of pixels; or null
     */
    void run(Storage weightsFrom, Storage from, Storage to, boolean add, Epilogue epilogue) {
        this.add = add;
        this.epilogue = epilogue;
        weights = weightsFrom.address();
        source = from.address();
        target = to.address();
        pool.run(tasks, this);
    }

    @Override
    public void run(int task, int worker) {
        int block = task % batch.blocks();
        int firstRow = task / batch.blocks() % rowRanges * rowsPerTask;
        int endRow = Math.min(rows, firstRow + rowsPerTask);
        int slice = task / batch.blocks() / rowRanges;
        for (int i = runs.size() * slice / slices; i < runs.size() * (slice + 1) / slices; i++) {
            run(i, block, firstRow, endRow);
            if (epilogue != null) {
                PixelRun run = runs.get(i);
                epilogue.stretch(
                        block, i, run.target(), run.targetStep(), run.pixels(), 0, batch.blockWidth(),
                        firstRow,
                        endRow, worker);
            }
        }
    }

    private void run(int index, int block, int firstRow, int endRow) {
        PixelRun run = runs.get(index);
        long list = taps.address(index);
        int count = taps.count(index);
        long xStep = run.sourceStep() * sourcePixelBytes;
        long yStep = run.targetStep() * targetPixelBytes;
        long x = source + block * sourceBlockBytes + run.source() * sourcePixelBytes;
        long y = target + block * targetBlockBytes + run.target() * targetPixelBytes;
        for (int pixel = 0; pixel < run.pixels();) {
            int group = run.pixels() - pixel >= DepthwiseTiles.MOST_PIXELS ? DepthwiseTiles.MOST_PIXELS : 1;
            for (int row = firstRow; row < endRow; row++) {
                long w = weights + (transposed ? row * multiplier : row) * filterBytes;
                long channel = transposed ? (long) row * multiplier : row / multiplier;
                tile(group, list, count, w, x + channel * channelBytes, xStep, y + row * channelBytes, yStep);
            }
            x += group * xStep;
            y += group * yStep;
            pixel += group;
        }
    }

    private void tile(int group, long list, int count, long w, long x, long xStep, long y, long yStep) {
        long startStep = add ? yStep : 0;
        if (pairs) {
            for (long part = 0; part < channelBytes; part += 2L * VECTOR_BYTES) {
                long start = add ? y + part : Native.ZEROS;
                if (group == 1) {
                    DepthwiseTiles.gather1x2(list, count, w, x + part, y + part, start);
                } else {
                    DepthwiseTiles.gather4x2(list, count, w, x + part, xStep, y + part, yStep, start, startStep);
                }
            }
        } else {
            for (long part = 0; part < channelBytes; part += VECTOR_BYTES) {
                long start = add ? y + part : Native.ZEROS;
                if (group == 1) {
                    DepthwiseTiles.gather1x1(list, count, w, x + part, y + part, start);
                } else {
                    DepthwiseTiles.gather4x1(list, count, w, x + part, xStep, y + part, yStep, start, startStep);
                }
            }
        }
    }
}
