package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.SPECIES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;

/**
 * The weight gradient on a mask. A task owns one pass and a range of lists: it walks the pixels with one vector of partial
 * sums a weight, which stay in the second-level cache, and adds up the lanes at the end. Where that makes too few tasks, the
 * walk is cut as well, and the parts are added in their order. The cut depends on shapes and supports alone.
 */
final class WeightGradient implements WorkerPool.Task {
    /** Sums of a task: what of the second-level cache they may fill. */
    private static final int SUMS_BYTES = 384 * 1024;

    private static final int ENOUGH_TASKS = 16;

    private final Correlation gather;
    private final BatchLayout batch;
    private final WorkerPool pool;
    private final GatherAddresses addresses;
    private final TapLists ownLists;
    private final int rowsPerList;
    private final TilePass[] passes;
    private final WindowFeed[] feeds;
    private TapLists lists;
    private int listsPerTask;
    private int listRanges;
    private int parts;
    private long windowBytes;
    private long panelBytes;
    private long lineVectorBytes;
    private int linesAtOnce;
    private long partials;
    private long x;
    private long dy;
    private long dw;

    WeightGradient(
            Correlation gather, WeightShape weights, GatherAddresses addresses, int rowsPerList, BatchLayout batch,
            WorkerPool pool) {
        this.gather = gather;
        this.batch = batch;
        this.pool = pool;
        this.addresses = addresses;
        this.rowsPerList = rowsPerList;
        this.ownLists = new TapLists(gather, weights, rowsPerList, density -> rowsPerList == 1
                ? GatherPlan.forRows(gather, batch, density, pool.threads())
                : GatherPlan.forOuterProducts(gather, batch, density, pool.threads()));
        this.passes = Stream.generate(TilePass::new).limit(pool.threads()).toArray(TilePass[]::new);
        this.feeds = Stream.generate(WindowFeed::new).limit(pool.threads()).toArray(WindowFeed[]::new);
    }

    /** Finds or makes the lists of a support. */
    void prepare(Support support, TapLists forward) {
        lists = rowsPerList == 1 && forward.describes(support) ? forward : ownLists;
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
        weightGradient.fill(0);
        pool.run(cut(), this);
        if (parts > 1) {
            addParts();
        }
    }

    /** Cuts the work into tasks and reserves their memory. */
    private int cut() {
        GatherPlan plan = lists.plan();
        int allLists = lists.count();
        int most = 0;
        for (int pass = 0; pass < plan.passes(); pass++) {
            most = Math.max(most, lists.firstEntry(pass, allLists) - lists.firstEntry(pass, 0));
        }
        long entryBytes = (long) rowsPerList * VECTOR_BYTES;
        listRanges = Math.clamp((most * entryBytes + SUMS_BYTES - 1) / SUMS_BYTES, 1, allLists);
        listsPerTask = (allLists + listRanges - 1) / listRanges;
        listRanges = (allLists + listsPerTask - 1) / listsPerTask;
        int whole = plan.passes() * listRanges;
        parts = Math.min((ENOUGH_TASKS + whole - 1) / whole, batch.blocks() * plan.units());
        int mostOfTask = 0;
        for (int task = 0; task < whole * parts; task += parts) {
            mostOfTask = Math.max(mostOfTask, entries(task));
        }
        linesAtOnce = rowsPerList == 1 ? 1 : plan.cut().lines(gather);
        windowBytes = plan.windowBytes(linesAtOnce);
        lineVectorBytes = (long) plan.cut().pixels() * plan.cut().vectors() * VECTOR_BYTES;
        panelBytes = rowsPerList == 1 ? 0 : linesAtOnce * TapLists.GROUP * lineVectorBytes;
        pool.reserve(windowBytes + panelBytes + mostOfTask * entryBytes);
        long partialNumbers = parts == 1 ? 0 : (long) parts * lists.entries() * rowsPerList;
        partials = partialNumbers == 0 ? 0 : pool.shared(partialNumbers * Float.BYTES);
        return whole * parts;
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
        int firstEntry = firstEntry(task);
        long window = pool.memory(worker);
        long panel = window + windowBytes;
        long sums = panel + panelBytes;
        Native.clear(sums, (long) entries(task) * rowsPerList * VECTOR_BYTES);
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
            lines(plan, feed, block, unit, lines, rows, pass, firstEntry, panel, sums);
            at += lines;
        }
        keep(task, sums);
    }

    /** Neighbouring lines of one tile with all lists of a task. */
    private void lines(GatherPlan plan, WindowFeed feed, int block, int unit, int lines, TilePass rows, int pass,
            int firstEntry, long panel, long sums) {
        int tile = plan.tile(unit);
        long lanes = (long) plan.vector(unit) * VECTOR_BYTES;
        int vectors = plan.pixels(tile) * plan.cut().vectors();
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
        if (rowsPerList == 1) {
            RowGradientTiles.scatter(vectors, rows, lists.pointer(pass), window, target + rows.firstRow * rows.rowBytes,
                    sums - (long) firstEntry * VECTOR_BYTES);
        } else {
            outerProducts(plan, pass, rows, inside, vectors, window, target, panel, sums);
        }
    }

    /** The entries of all groups of a task with some lines. */
    private void outerProducts(GatherPlan plan, int pass, TilePass rows, int lines, int vectors, long window,
            long target, long panel, long sums) {
        long sum = sums;
        for (int list = rows.firstRow; list < rows.endRow; list++) {
            packPanel(rows, list, lines, vectors, target, panel);
            int end = lists.firstEntry(pass, list + 1);
            for (int entry = lists.firstEntry(pass, list); entry < end;) {
                int count = Math.min(WindowCut.OUTER_TILE, end - entry);
                OuterTiles.outer(count, lines, vectors, panel, lists.address(entry), window, plan.lineBytes(), sum);
                sum += (long) count * TapLists.GROUP * VECTOR_BYTES;
                entry += count;
            }
        }
    }

    private void packPanel(TilePass rows, int list, int lines, int vectors, long target, long panel) {
        int validRows = lists.validRows(list);
        for (int line = 0; line < lines; line++) {
            for (int row = 0; row < TapLists.GROUP; row++) {
                long to = panel + ((long) line * vectors * TapLists.GROUP + row) * VECTOR_BYTES;
                if (row < validRows) {
                    long from = target + line * addresses.lineBytes() + (list * TapLists.GROUP + row) * rows.rowBytes;
                    pack(vectors, from, rows.pairBytes, rows.secondBytes, to);
                } else {
                    clear(vectors, to);
                }
            }
        }
    }

    /** Copies a row of dY to every fourth vector of the panel. */
    private static void pack(int vectors, long from, long pairBytes, long secondBytes, long to) {
        long second = from + secondBytes;
        for (int i = 0; i < vectors; i += 2) {
            fromMemorySegment(SPECIES, MEMORY, from, ORDER).intoMemorySegment(MEMORY, to, ORDER);
            from += pairBytes;
            to += 2L * TapLists.GROUP * VECTOR_BYTES;
        }
        to -= (vectors + 1) / 2 * 2L * TapLists.GROUP * VECTOR_BYTES - (long) TapLists.GROUP * VECTOR_BYTES;
        for (int i = 1; i < vectors; i += 2) {
            fromMemorySegment(SPECIES, MEMORY, second, ORDER).intoMemorySegment(MEMORY, to, ORDER);
            second += pairBytes;
            to += 2L * TapLists.GROUP * VECTOR_BYTES;
        }
    }

    private static void clear(int vectors, long to) {
        for (int i = 0; i < vectors; i++) {
            FloatVector.zero(SPECIES).intoMemorySegment(MEMORY, to, ORDER);
            to += (long) TapLists.GROUP * VECTOR_BYTES;
        }
    }

    /** Adds up the lanes of a task's sums. */
    private void keep(int task, long sums) {
        int pass = pass(task);
        long sum = sums;
        long partial = partials + (long) (task % parts) * lists.entries() * rowsPerList * Float.BYTES;
        for (int list = firstList(task); list < endList(task); list++) {
            int rows = lists.validRows(list);
            int end = lists.firstEntry(pass, list + 1);
            for (int entry = lists.firstEntry(pass, list); entry < end; entry++) {
                for (int row = 0; row < rows; row++) {
                    long to = parts == 1
                            ? dw + ((long) lists.source(entry, row) << 2)
                            : partial + (((long) entry * rowsPerList + row) << 2);
                    MEMORY.set(JAVA_FLOAT_UNALIGNED, to, LaneSums.sum(sum + (long) row * VECTOR_BYTES));
                }
                sum += (long) rowsPerList * VECTOR_BYTES;
            }
        }
    }

    /** Adds the parts of the walk, always in the same order. */
    private void addParts() {
        long partBytes = (long) lists.entries() * rowsPerList * Float.BYTES;
        int allLists = lists.count();
        for (int pass = 0; pass < lists.plan().passes(); pass++) {
            for (int list = 0; list < allLists; list++) {
                int rows = lists.validRows(list);
                int end = lists.firstEntry(pass, list + 1);
                for (int entry = lists.firstEntry(pass, list); entry < end; entry++) {
                    for (int row = 0; row < rows; row++) {
                        long from = partials + (((long) entry * rowsPerList + row) << 2);
                        float sum = 0;
                        for (int part = 0; part < parts; part++) {
                            sum += MEMORY.get(JAVA_FLOAT_UNALIGNED, from + part * partBytes);
                        }
                        MEMORY.set(JAVA_FLOAT_UNALIGNED, dw + ((long) lists.source(entry, row) << 2), sum);
                    }
                }
            }
        }
    }
}
