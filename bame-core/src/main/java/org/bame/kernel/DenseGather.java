package org.bame.kernel;

import static org.bame.kernel.Native.LANES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import java.lang.foreign.Arena;
import org.bame.sparsity.WeightShape;

/** A gather over all weights: the dense forward product and the dense input gradient. */
final class DenseGather implements WorkerPool.Task {
    private final Correlation gather;
    private final BatchLayout batch;
    private final WorkerPool pool;
    private final Passes passes;
    private final GatherTasks tasks;
    private final DensePanels panels;
    private final DenseTiles.Window[] windows;
    private final long[] executed;
    private final boolean pairs;
    private final int mostPixels;
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

    DenseGather(
            Correlation gather, WeightShape weights, BatchLayout batch, long sourceSize, long targetSize,
            WorkerPool pool) {
        // The 16 accumulators of a tile of vector pairs need the 32 registers that come with 512-bit vectors.
        this.pairs = LANES == 16 && batch.blockWidth() % (2 * LANES) == 0;
        this.mostPixels = pairs ? 2 : 3;
        this.gather = gather;
        this.passes = Passes.dense(gather, mostPixels, batch.blockWidth());
        this.batch = batch;
        this.pool = pool;
        this.tasks = new GatherTasks(gather, batch, pool.threads());
        this.panels = new DensePanels(gather, passes, weights, batch.blockWidth(), Arena.ofAuto());
        this.executed = new long[tasks.count()];
        this.channelBytes = (long) batch.blockWidth() * Float.BYTES;
        this.sourcePixelBytes = gather.channels() * channelBytes;
        this.targetPixelBytes = gather.rows() * channelBytes;
        this.sourceBlockBytes = sourceSize / batch.blocks() * Float.BYTES;
        this.targetBlockBytes = targetSize / batch.blocks() * Float.BYTES;
        this.windows = new DenseTiles.Window[pool.threads()];
        for (int i = 0; i < windows.length; i++) {
            windows[i] = new DenseTiles.Window();
        }
    }

    /**
     * Computes the gather; returns the multiply-accumulates executed for the images of the batch.
     *
     * @param add whether to add to the target instead of overwriting it
     * @param epilogue runs after each run of pixels; or null
     * @param firstStretch number that the epilogue knows the first run by
     */
    long run(
            Storage weights, Storage from, Storage to, boolean add, Epilogue epilogue, int firstStretch) {
        panels.load(weights);
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
        DenseTiles.Window window = windows[worker];
        window.list = panels.listAddress();
        window.laneBytes = channelBytes;
        int block = tasks.block(task);
        int firstRow = tasks.firstRow(task);
        int endRow = tasks.endRow(task);
        long macs = 0;
        for (int i = tasks.firstRun(task); i < tasks.endRun(task); i++) {
            Correlation.Run run = gather.runs().get(i);
            macs += run(run, block, firstRow, endRow, window);
            if (epilogue != null) {
                epilogue.stretch(block, firstStretch + i, run.target(), run.targetStep(), run.pixels(), firstRow,
                        endRow, worker);
            }
        }
        executed[task] = macs * batch.imagesIn(block);
    }

    private long run(Correlation.Run run, int block, int firstRow, int endRow, DenseTiles.Window window) {
        long x = source + block * sourceBlockBytes + run.source() * sourcePixelBytes;
        long y = target + block * targetBlockBytes + run.target() * targetPixelBytes;
        long macs = 0;
        window.sourcePixelBytes = run.sourceStep() * sourcePixelBytes;
        window.targetPixelBytes = run.targetStep() * targetPixelBytes;
        for (int pixel = 0; pixel < run.pixels();) {
            int left = run.pixels() - pixel;
            int group = left >= mostPixels ? mostPixels : 1;
            long xp = x + pixel * window.sourcePixelBytes;
            long yp = y + pixel * window.targetPixelBytes;
            macs += group * passes(run, group, firstRow, endRow, window, xp, yp);
            pixel += group;
        }
        return macs;
    }

    private long passes(
            Correlation.Run run, int group, int firstRow, int endRow, DenseTiles.Window window, long x, long y) {
        boolean allRows = run.firstRow() == 0 && run.endRow() == gather.rowTaps();
        boolean wholeColumns = !passes.splitColumns() && allRows;
        boolean first = !add;
        long entries = 0;
        for (int range = 0; range < passes.ranges() && !run.empty(); range++) {
            int columnsAtOnce = wholeColumns ? run.endColumn() - run.firstColumn() : 1;
            for (int column = run.firstColumn(); column < run.endColumn(); column += columnsAtOnce) {
                window.from = panels.entry(range, column, run.firstRow());
                window.end = panels.entry(range, column + columnsAtOnce - 1, run.endRow());
                for (int row = firstRow; row < endRow; row += DensePanels.ROWS) {
                    window.validRows = Math.min(DensePanels.ROWS, gather.rows() - row);
                    tile(group, window, panels.address(row / DensePanels.ROWS), x, y + row * channelBytes, first);
                }
                entries += window.end - window.from;
                first = false;
            }
        }
        if (first) {
            clear(group, endRow - firstRow, y + firstRow * channelBytes, window.targetPixelBytes);
        }
        return entries * (endRow - firstRow);
    }

    private void clear(int group, int rows, long y, long yStep) {
        for (int pixel = 0; pixel < group; pixel++) {
            Native.clear(y + pixel * yStep, rows * channelBytes);
        }
    }

    private void tile(int group, DenseTiles.Window window, long w, long x, long y, boolean first) {
        long vectorBytes = pairs ? 2L * VECTOR_BYTES : VECTOR_BYTES;
        window.startPixelBytes = first ? 0 : window.targetPixelBytes;
        window.startLaneBytes = first ? 0 : channelBytes;
        for (long part = 0; part < channelBytes; part += vectorBytes) {
            long from = x + part;
            long to = y + part;
            long start = first ? Native.ZEROS : to;
            if (pairs) {
                if (group == 2) {
                    DenseTiles.gather2x2(window, w, from, to, start);
                } else {
                    DenseTiles.gather1x2(window, w, from, to, start);
                }
            } else if (group == 3) {
                DenseTiles.gather3x1(window, w, from, to, start);
            } else {
                DenseTiles.gather1x1(window, w, from, to, start);
            }
        }
    }
}
