package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static org.bame.kernel.Native.LANES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import org.bame.sparsity.Mask;
import org.bame.sparsity.WeightShape;

/**
 * The weight gradient on the kept weights of a mask: it walks all pixels with a few of dY's vectors in registers and one
 * vector of partial sums a weight in memory, and adds up the lanes at the end. A task owns a block of images with partial
 * sums of its own while these are few, so that the activations are read once; else it owns a range of output channels.
 */
final class SparseWeightGradient implements WorkerPool.Task {
    private static final int TASKS_PER_THREAD = 2;
    private static final int FEWEST_ROWS = 4;

    /** Most bytes of partial sums for which every block of images gets its own. */
    private static final long BLOCK_SUMS_BYTES = 2 << 20;

    private final Correlation gather;
    private final BatchLayout batch;
    private final WorkerPool pool;
    private final TapLists ownLists;
    private final SparseTiles.Rows[] windows;
    private final int rowsPerTask;
    private final int rowTasks;
    private final long[] executed;
    private final AddUp addUp = new AddUp();
    private final boolean pairs;
    private final long channelBytes;
    private final long sourcePixelBytes;
    private final long targetPixelBytes;
    private final long sourceBlockBytes;
    private final long targetBlockBytes;
    private Storage sums;
    private TapLists lists;
    private boolean byBlocks;
    private long x;
    private long dy;
    private long dw;

    SparseWeightGradient(
            Correlation gather, WeightShape weights, BatchLayout batch, long sourceSize, long targetSize,
            WorkerPool pool) {
        this.gather = gather;
        this.batch = batch;
        this.pool = pool;
        this.ownLists = new TapLists(gather, weights, batch.blockWidth());
        int wanted = pool.threads() == 1 ? 1 : pool.threads() * TASKS_PER_THREAD;
        this.rowsPerTask = Math.max(FEWEST_ROWS, (gather.rows() + wanted - 1) / wanted);
        this.rowTasks = (gather.rows() + rowsPerTask - 1) / rowsPerTask;
        this.executed = new long[Math.max(rowTasks, batch.blocks())];
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

    /** Finds or makes the lists of a mask. */
    void prepare(Mask mask, TapLists forward) {
        lists = forward.describes(mask) ? forward : ownLists;
        lists.follow(mask);
    }

    /**
     * Computes the gradient; returns the multiply-accumulates executed for the images of the batch.
     *
     * @param forward the lists of the forward product, used if they are those of this mask
     */
    long run(Mask mask, TapLists forward, Storage input, Storage outputGradient, Storage weightGradient) {
        prepare(mask, forward);
        long sumsBytes = (long) lists.entries() * VECTOR_BYTES;
        byBlocks = batch.blocks() > 1 && sumsBytes * batch.blocks() <= BLOCK_SUMS_BYTES;
        reserve((byBlocks ? batch.blocks() : 1) * (long) lists.entries() * LANES);
        x = input.address();
        dy = outputGradient.address();
        dw = weightGradient.address();
        weightGradient.fill(0);
        int tasks = byBlocks ? batch.blocks() : rowTasks;
        pool.run(tasks, this);
        pool.run(rowTasks, addUp);
        long macs = 0;
        for (int task = 0; task < tasks; task++) {
            macs += executed[task];
        }
        return macs;
    }

    private void reserve(long numbers) {
        if (sums == null || sums.size() < numbers) {
            sums = Storage.allocate(ElementType.FLOAT, numbers);
        }
    }

    @Override
    public void run(int task, int worker) {
        SparseTiles.Rows window = windows[worker];
        window.pointers = lists.pointers();
        window.list = lists.address();
        window.pointersPerRow = lists.pointersPerRow();
        window.laneBytes = channelBytes;
        window.firstRow = byBlocks ? 0 : firstRow(task);
        window.endRow = byBlocks ? gather.rows() : firstRow(task + 1);
        int firstEntry = firstEntry(window.firstRow);
        int entries = firstEntry(window.endRow) - firstEntry;
        int partial = byBlocks ? task : 0;
        Native.clear(sumsOf(partial) + (long) firstEntry * VECTOR_BYTES, (long) entries * VECTOR_BYTES);
        long macs = 0;
        int endBlock = byBlocks ? task + 1 : batch.blocks();
        for (int block = byBlocks ? task : 0; block < endBlock; block++) {
            long visited = 0;
            for (int i = 0; i < gather.runs().size(); i++) {
                visited += run(gather.runs().get(i), block, window, sumsOf(partial));
            }
            macs += visited * batch.imagesIn(block);
        }
        executed[task] = macs;
    }

    private int firstRow(int task) {
        return Math.min(gather.rows(), task * rowsPerTask);
    }

    private int firstEntry(int row) {
        return row == gather.rows() ? lists.entries() : lists.start(row, 0, 0, 0);
    }

    private long sumsOf(int partial) {
        return sums.address() + (long) partial * lists.entries() * VECTOR_BYTES;
    }

    /** Adds up the partial sums of a range of output channels, always in the same order. */
    private final class AddUp implements WorkerPool.Task {
        @Override
        public void run(int task, int worker) {
            int[] weightOf = lists.sources();
            int partials = byBlocks ? batch.blocks() : 1;
            int end = firstEntry(firstRow(task + 1));
            for (int entry = firstEntry(firstRow(task)); entry < end; entry++) {
                float sum = 0;
                for (int partial = 0; partial < partials; partial++) {
                    sum += LaneSums.sum(sumsOf(partial) + (long) entry * VECTOR_BYTES);
                }
                Native.MEMORY.set(JAVA_FLOAT_UNALIGNED, dw + ((long) weightOf[entry] << 2), sum);
            }
        }
    }

    private long run(Correlation.Run run, int block, SparseTiles.Rows window, long to) {
        if (run.empty()) {
            return 0;
        }
        long entries = 0;
        long source = x + block * sourceBlockBytes + run.source() * sourcePixelBytes;
        long target = dy + block * targetBlockBytes + run.target() * targetPixelBytes + window.firstRow * channelBytes;
        long sourceStep = run.sourceStep() * sourcePixelBytes;
        long targetStep = run.targetStep() * targetPixelBytes;
        for (int pixel = 0; pixel < run.pixels();) {
            int group = SparseTiles.pixels(run.pixels() - pixel, pairs);
            entries += group
                    * passes(run, group, window, source + pixel * sourceStep, sourceStep, target + pixel * targetStep,
                            targetStep, to);
            pixel += group;
        }
        return entries;
    }

    private long passes(
            Correlation.Run run, int group, SparseTiles.Rows window, long source, long sourceStep, long target,
            long targetStep, long to) {
        Passes passes = lists.passes();
        boolean allRows = run.firstRow() == 0 && run.endRow() == gather.rowTaps();
        boolean wholeColumns = !passes.splitColumns() && allRows;
        long entries = 0;
        for (int range = 0; range < passes.ranges(); range++) {
            int columnsAtOnce = wholeColumns ? run.endColumn() - run.firstColumn() : 1;
            for (int column = run.firstColumn(); column < run.endColumn(); column += columnsAtOnce) {
                window.fromPointer = lists.pointerIndex(range, column, wholeColumns ? 0 : run.firstRow());
                window.toPointer = wholeColumns
                        ? lists.pointerIndex(range, run.endColumn(), 0)
                        : lists.pointerIndex(range, column, run.endRow());
                entries += tile(group, window, source, sourceStep, target, targetStep, to);
            }
        }
        return entries;
    }

    private long tile(
            int group, SparseTiles.Rows window, long source, long sourceStep, long target, long targetStep,
            long to) {
        long partBytes = pairs ? 2L * VECTOR_BYTES : VECTOR_BYTES;
        long entries = 0;
        for (long part = 0; part < channelBytes; part += partBytes) {
            long from = source + part;
            long dys = target + part;
            if (pairs) {
                entries = switch (group) {
                    case 6 -> SparseGradientTiles.scatter6x2(window, from, sourceStep, dys, targetStep, to);
                    case 4 -> SparseGradientTiles.scatter4x2(window, from, sourceStep, dys, targetStep, to);
                    case 2 -> SparseGradientTiles.scatter2x2(window, from, sourceStep, dys, targetStep, to);
                    default -> SparseGradientTiles.scatter1x2(window, from, sourceStep, dys, targetStep, to);
                };
            } else {
                entries = group == 4
                        ? SparseGradientTiles.scatter4x1(window, from, sourceStep, dys, targetStep, to)
                        : SparseGradientTiles.scatter1x1(window, from, sourceStep, dys, targetStep, to);
            }
        }
        return entries;
    }
}
