package org.bame.kernel;

import static org.bame.kernel.Native.LANES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import java.util.function.DoubleFunction;
import java.util.stream.Stream;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;

/**
 * The weight gradient on a mask. A task owns one pass and a range of lists, and walks the pixels: of each tile the products of a
 * weight make one vector, whose lanes are summed at once ({@link LaneSums}), so that a task's sums are few and stay in the
 * second-level cache. Where that makes too few tasks, the walk is cut as well; the parts are added in their order. The cut
 * depends on shapes and supports alone.
 */
abstract class WeightGradient implements WorkerPool.Task {
    /** Sums of a task: what of the second-level cache they may fill. */
    private static final int SUMS_BYTES = 128 * 1024;

    private static final int ENOUGH_TASKS = 16;

    final GatherAddresses addresses;
    private final WeightShape weights;
    private final BatchLayout batch;
    private final WorkerPool pool;
    private final TapLists ownLists;
    private final TilePass[] passes;
    private final WindowFeed[] feeds;
    private final WorkerPool.Task finish = this::finish;
    private TapLists lists;
    private int listsPerTask;
    private int listRanges;
    private int parts;
    private int linesAtOnce;
    private int finishTasks;
    private long windowBytes;
    private long scratchBytes;
    private long partials;
    private long x;
    private long dy;
    private long dw;

    WeightGradient(
            Correlation gather, WeightShape weights, GatherAddresses addresses, int rowsPerList, BatchLayout batch,
            WorkerPool pool, DoubleFunction<GatherPlan> planOf) {
        this.weights = weights;
        this.batch = batch;
        this.pool = pool;
        this.addresses = addresses;
        this.ownLists = new TapLists(gather, weights, rowsPerList, planOf);
        this.passes = Stream.generate(TilePass::new).limit(pool.threads()).toArray(TilePass[]::new);
        this.feeds = Stream.generate(WindowFeed::new).limit(pool.threads()).toArray(WindowFeed[]::new);
    }

    /** Neighbouring lines of a tile that {@link #products} takes at once. */
    abstract int linesAtOnce(GatherPlan plan);

    /** Bytes that {@link #products} needs for itself. */
    abstract long scratchBytes(GatherPlan plan);

    /**
     * Adds the products of some neighbouring lines of a tile to the sums of a task.
     *
     * @param rows what the task's tiles share, its lists from {@code firstRow} to {@code endRow} included
     * @param lines number of lines
     * @param vectors vectors of a line's tile
     * @param window address of the first line's window
     * @param target address of row 0 of the first line of the tile in dY
     * @param scratch address of {@link #scratchBytes} that are free
     * @param sums address of the sums, {@code [entry][row of the list]} from the task's first entry on
     */
    abstract void products(TapLists lists, TilePass rows, int pass, int lines, int vectors, long window, long target,
            long scratch, long sums);

    /** Finds or makes the lists of a support. */
    void prepare(Support support, TapLists forward) {
        lists = ownLists.rowsPerList() == 1 && forward.describes(support) ? forward : ownLists;
        lists.follow(support);
    }

    /**
     * Computes the gradient.
     *
     * @param forward the lists of the forward product: used if they are of single rows and of this support, since an outer
     *     product wants a cut of its own
     */
    void run(Support support, TapLists forward, Storage input, Storage outputGradient, Storage weightGradient) {
        prepare(support, forward);
        x = input.address();
        dy = outputGradient.address();
        dw = weightGradient.address();
        pool.run(cut(), this);
        pool.run(finishTasks, finish);
    }

    /** Cuts the work into tasks and reserves their memory. */
    private int cut() {
        GatherPlan plan = lists.plan();
        int allLists = lists.count();
        int mostOfPass = 0;
        for (int pass = 0; pass < plan.passes(); pass++) {
            mostOfPass = Math.max(mostOfPass, lists.firstEntry(pass, allLists) - lists.firstEntry(pass, 0));
        }
        long entryBytes = (long) lists.rowsPerList() * Float.BYTES;
        listRanges = Math.clamp((mostOfPass * entryBytes + SUMS_BYTES - 1) / SUMS_BYTES, 1, allLists);
        listsPerTask = (allLists + listRanges - 1) / listRanges;
        listRanges = (allLists + listsPerTask - 1) / listsPerTask;
        int whole = plan.passes() * listRanges;
        parts = whole == 0 ? 0 : Math.min((ENOUGH_TASKS + whole - 1) / whole, batch.blocks() * plan.units());
        int mostOfTask = 0;
        for (int task = 0; task < whole * parts; task += parts) {
            mostOfTask = Math.max(mostOfTask, entries(task));
        }
        linesAtOnce = linesAtOnce(plan);
        windowBytes = plan.windowBytes(linesAtOnce);
        scratchBytes = scratchBytes(plan);
        pool.reserve(windowBytes + scratchBytes + sumsBytes(mostOfTask));
        partials = pool.shared(Math.max(1, parts * lists.entries() * entryBytes));
        finishTasks = Math.min(ENOUGH_TASKS, allLists);
        return whole * parts;
    }

    /** Whole vectors, with one that sums of the last entries may reach into. */
    private long sumsBytes(int entries) {
        long vectors = ((long) entries * lists.rowsPerList() + LANES - 1) / LANES;
        return (vectors + 1) * VECTOR_BYTES;
    }

    private int pass(int task) {
        return task / parts / listRanges;
    }

    private int firstList(int task) {
        return task / parts % listRanges * listsPerTask;
    }

    private int endList(int task) {
        return Math.min(lists.count(), firstList(task) + listsPerTask);
    }

    private int firstEntry(int task) {
        return lists.firstEntry(pass(task), firstList(task));
    }

    private int entries(int task) {
        return lists.firstEntry(pass(task), endList(task)) - firstEntry(task);
    }

    @Override
    public void run(int task, int worker) {
        GatherPlan plan = lists.plan();
        int pass = pass(task);
        long window = pool.memory(worker);
        long scratch = window + windowBytes;
        long sums = scratch + scratchBytes;
        Native.clear(sums, sumsBytes(entries(task)));
        WindowFeed feed = feeds[worker];
        feed.begin(plan, window);
        TilePass rows = passes[worker];
        addresses.describe(rows, plan.cut().vectors(), false);
        lists.describe(rows);
        rows.firstRow = firstList(task);
        rows.endRow = endList(task);
        long walk = (long) batch.blocks() * plan.units();
        int part = task % parts;
        long end = walk * (part + 1) / parts;
        for (long at = walk * part / parts; at < end;) {
            int block = (int) (at / plan.units());
            int unit = (int) (at % plan.units());
            int lines = (int) Math.min(Math.min(linesAtOnce, end - at), plan.lines() - plan.line(unit));
            lines(plan, feed, block, unit, lines, rows, pass, scratch, sums);
            at += lines;
        }
        Native.copyNumbers(sums, partial(part, firstEntry(task)), (long) entries(task) * lists.rowsPerList());
    }

    /** Neighbouring lines of one tile with all lists of a task. */
    private void lines(GatherPlan plan, WindowFeed feed, int block, int unit, int lines, TilePass rows, int pass,
            long scratch, long sums) {
        int tile = plan.tile(unit);
        long lanes = (long) plan.vector(unit) * VECTOR_BYTES;
        feed.tile(x + addresses.sourceBlock(block) + lanes, tile);
        int first = plan.line(unit);
        int end = first + lines;
        int inside = 0;
        long window = 0;
        for (int line = first; line < end; line++) {
            long packed = feed.pass(line, pass, inside);
            if (packed != 0) {
                window = inside == 0 ? packed : window;
                first = inside == 0 ? line : first;
                inside++;
            } else if (inside > 0) {
                break;
            }
        }
        if (inside == 0) {
            return;
        }
        long target = dy + addresses.target(block, first, plan.firstPixel(tile)) + lanes;
        products(lists, rows, pass, inside, plan.pixels(tile) * plan.cut().vectors(), window, target, scratch, sums);
    }

    /** Adds the parts of some lists, always in the same order, and puts their sums where they belong among zeros. */
    private void finish(int task, int worker) {
        int firstList = (int) ((long) lists.count() * task / finishTasks);
        int endList = (int) ((long) lists.count() * (task + 1) / finishTasks);
        long rowBytes = (long) weights.rowLength() * Float.BYTES;
        int firstRow = firstList * lists.rowsPerList();
        int endRow = Math.min(weights.outputs(), endList * lists.rowsPerList());
        Native.clear(dw + firstRow * rowBytes, (endRow - firstRow) * rowBytes);
        for (int pass = 0; pass < lists.plan().passes(); pass++) {
            int first = lists.firstEntry(pass, firstList);
            int end = lists.firstEntry(pass, endList);
            long whole = partial(0, first);
            for (int part = 1; part < parts; part++) {
                Native.addNumbers(partial(part, first), whole, (long) (end - first) * lists.rowsPerList());
            }
            lists.place(pass, firstList, endList, whole, dw);
        }
    }

    /** Address of the sums of a part of the walk, from an entry on. */
    private long partial(int part, int entry) {
        return partials + ((long) part * lists.entries() + entry) * lists.rowsPerList() * Float.BYTES;
    }
}
