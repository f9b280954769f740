package org.bame.kernel;

import static org.bame.kernel.Native.LANES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import org.bame.sparsity.Mask;
import org.bame.sparsity.WeightShape;

/** A gather over the kept weights of a mask: the sparse forward product and the sparse input gradient. */
final class SparseGather implements WorkerPool.Task {
    private final Correlation gather;
    private final BatchLayout batch;
    private final WorkerPool pool;
    private final GatherTasks tasks;
    private final TapLists lists;
    private final SparseTiles.Rows[] windows;
    private final long[] executed;
    private final boolean pairs;
    private final long channelBytes;
    private final long sourcePixelBytes;
    private final long targetPixelBytes;
    private final long sourceBlockBytes;
    private final long targetBlockBytes;
    private long source;
    private long target;
    private boolean add;
    private Epilogue epilogue;
    private int firstStretch;

    SparseGather(
            Correlation gather, WeightShape weights, BatchLayout batch, long sourceSize, long targetSize,
            WorkerPool pool) {
        this.gather = gather;
        this.batch = batch;
        this.pool = pool;
        this.tasks = new GatherTasks(gather, batch, pool.threads());
        this.lists = new TapLists(gather, weights, batch.blockWidth());
        this.executed = new long[tasks.count()];
        this.pairs = batch.blockWidth() / LANES % 2 == 0;
        this.channelBytes = (long) batch.blockWidth() * Float.BYTES;
        this.sourcePixelBytes = gather.channels() * channelBytes;
        this.targetPixelBytes = gather.rows() * channelBytes;
        this.sourceBlockBytes = sourceSize / batch.blocks() * Float.BYTES;
        this.targetBlockBytes = targetSize / batch.blocks() * Float.BYTES;
        this.windows = new SparseTiles.Rows[pool.threads()];
        for (int i = 0; i < windows.length; i++) {
            windows[i] = new SparseTiles.Rows();
        }
    }

    /** The lists, for a weight gradient on the same mask. */
    TapLists lists() {
        return lists;
    }

    /** Makes the lists those of a mask. */
    void prepare(Mask mask) {
        lists.follow(mask);
    }

    /**
     * Computes the gather; returns the multiply-accumulates executed for the images of the batch.
     *
     * @param add whether to add to the target instead of overwriting it
     * @param epilogue runs after each run of pixels; or null
     * @param firstStretch number that the epilogue knows the first run by
     */
    long run(
            Mask mask, Storage weights, Storage from, Storage to, boolean add, Epilogue epilogue, int firstStretch) {
        prepare(mask);
        lists.load(weights);
        source = from.address();
        target = to.address();
        this.add = add;
        this.epilogue = epilogue;
        this.firstStretch = firstStretch;
        pool.run(tasks.count(), this);
        long sum = 0;
        for (long count : executed) {
            sum += count;
        }
        return sum;
    }

    @Override
    public void run(int task, int worker) {
        SparseTiles.Rows window = windows[worker];
        window.pointers = lists.pointers();
        window.list = lists.address();
        window.pointersPerRow = lists.pointersPerRow();
        window.laneBytes = channelBytes;
        window.firstRow = tasks.firstRow(task);
        window.endRow = tasks.endRow(task);
        int block = tasks.block(task);
        long entries = 0;
        for (int i = tasks.firstRun(task); i < tasks.endRun(task); i++) {
            Correlation.Run run = gather.runs().get(i);
            entries += run(run, block, window);
            if (epilogue != null) {
                epilogue.stretch(block, firstStretch + i, run.target(), run.targetStep(), run.pixels(),
                        window.firstRow, window.endRow, worker);
            }
        }
        executed[task] = entries * batch.imagesIn(block);
    }

    private long run(Correlation.Run run, int block, SparseTiles.Rows window) {
        long entries = 0;
        long x = source + block * sourceBlockBytes + run.source() * sourcePixelBytes;
        long y = target + block * targetBlockBytes + run.target() * targetPixelBytes + window.firstRow * channelBytes;
        long xStep = run.sourceStep() * sourcePixelBytes;
        long yStep = run.targetStep() * targetPixelBytes;
        for (int pixel = 0; pixel < run.pixels();) {
            int group = SparseTiles.pixels(run.pixels() - pixel, pairs);
            entries += group * passes(run, group, window, x + pixel * xStep, xStep, y + pixel * yStep, yStep);
            pixel += group;
        }
        return entries;
    }

    private long passes(
            Correlation.Run run, int group, SparseTiles.Rows window, long x, long xStep, long y, long yStep) {
        Passes passes = lists.passes();
        boolean allRows = run.firstRow() == 0 && run.endRow() == gather.rowTaps();
        boolean wholeColumns = !passes.splitColumns() && allRows;
        boolean first = !add;
        long entries = 0;
        for (int range = 0; range < passes.ranges(); range++) {
            if (run.empty()) {
                break;
            }
            if (wholeColumns) {
                window.fromPointer = lists.pointerIndex(range, run.firstColumn(), 0);
                window.toPointer = lists.pointerIndex(range, run.endColumn(), 0);
                entries += tile(group, window, x, xStep, y, yStep, first);
                first = false;
                continue;
            }
            for (int column = run.firstColumn(); column < run.endColumn(); column++) {
                window.fromPointer = lists.pointerIndex(range, column, run.firstRow());
                window.toPointer = lists.pointerIndex(range, column, run.endRow());
                entries += tile(group, window, x, xStep, y, yStep, first);
                first = false;
            }
        }
        if (first) {
            window.fromPointer = 0;
            window.toPointer = 0;
            tile(group, window, x, xStep, y, yStep, true);
        }
        return entries;
    }

    private long tile(
            int group, SparseTiles.Rows window, long x, long xStep, long y, long yStep, boolean first) {
        long startStep = first ? 0 : yStep;
        long partBytes = pairs ? 2L * VECTOR_BYTES : VECTOR_BYTES;
        long entries = 0;
        for (long part = 0; part < channelBytes; part += partBytes) {
            long from = x + part;
            long to = y + part;
            long start = first ? Native.ZEROS : to;
            if (pairs) {
                entries = switch (group) {
                    case 6 -> SparseTiles.gather6x2(window, from, xStep, to, yStep, start, startStep);
                    case 4 -> SparseTiles.gather4x2(window, from, xStep, to, yStep, start, startStep);
                    case 2 -> SparseTiles.gather2x2(window, from, xStep, to, yStep, start, startStep);
                    default -> SparseTiles.gather1x2(window, from, xStep, to, yStep, start, startStep);
                };
            } else {
                entries = group == 4
                        ? SparseTiles.gather4x1(window, from, xStep, to, yStep, start, startStep)
                        : SparseTiles.gather1x1(window, from, xStep, to, yStep, start, startStep);
            }
        }
        return entries;
    }
}
