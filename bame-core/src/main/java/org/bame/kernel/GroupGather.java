package org.bame.kernel;

import static org.bame.kernel.Native.VECTOR_BYTES;

import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;

/**
 * A gather whose rows share lists in groups of 4: the dense forward product, the dense input gradient, and the forward
 * product of a row-grouped mask.
 */
final class GroupGather implements WorkerPool.Task {
    private final Correlation gather;
    private final WorkerPool pool;
    private final TapLists lists;
    private final GatherAddresses addresses;
    private final GroupPass[] passes;
    private final WindowFeed[] feeds;
    private long source;
    private long target;
    private boolean add;
    private Epilogue epilogue;

    GroupGather(
            Correlation gather, WeightShape weights, GatherAddresses addresses, BatchLayout batch, WorkerPool pool) {
        this.gather = gather;
        this.pool = pool;
        this.lists = new TapLists(gather, weights, TapLists.GROUP,
                density -> GatherPlan.forGroups(gather, batch, density, pool.threads()));
        this.addresses = addresses;
        this.passes = new GroupPass[pool.threads()];
        this.feeds = new WindowFeed[pool.threads()];
        for (int i = 0; i < passes.length; i++) {
            passes[i] = new GroupPass();
            feeds[i] = new WindowFeed();
        }
    }

    /** The lists, for a weight gradient on the same support. */
    TapLists lists() {
        return lists;
    }

    /**
     * Computes the gather.
     *
     * @param add whether to add to the target instead of overwriting it
     * @param epilogue runs after each unit; or null
     */
    void run(
            Support support, Storage weights, Storage from, Storage to, boolean add, Epilogue epilogue) {
        lists.follow(support);
        lists.load(weights);
        source = from.address();
        target = to.address();
        this.add = add;
        this.epilogue = epilogue;
        pool.reserve(lists.plan().windowBytes(1));
        pool.run(lists.plan().tasks(), this);
    }

    @Override
    public void run(int task, int worker) {
        GatherPlan plan = lists.plan();
        GroupPass rows = passes[worker];
        addresses.describe(rows, plan.cut().vectors());
        WindowFeed feed = feeds[worker];
        feed.begin(plan, pool.memory(worker));
        int block = plan.block(task);
        int firstList = plan.firstRow(task) / TapLists.GROUP;
        int endList = (plan.endRow(task) + TapLists.GROUP - 1) / TapLists.GROUP;
        for (int unit = plan.firstUnit(task); unit < plan.endUnit(task); unit++) {
            long lanes = (long) plan.vector(unit) * VECTOR_BYTES;
            int tile = plan.tile(unit);
            int line = plan.line(unit);
            feed.tile(source + addresses.sourceBlock(block) + lanes, tile);
            long to = target + addresses.target(block, line, plan.firstPixel(tile)) + lanes;
            passes(plan, feed, rows, line, plan.pixels(tile), firstList, endList, to);
            if (epilogue != null) {
                plan.tell(epilogue, block, unit, plan.firstRow(task), plan.endRow(task), worker);
            }
        }
    }

    /** One tile in all its passes. */
    private void passes(
            GatherPlan plan, WindowFeed feed, GroupPass rows, int line, int pixels, int firstList, int endList,
            long to) {
        boolean first = !add;
        for (int pass = 0; pass < plan.passes() && !gather.empty(); pass++) {
            long window = feed.pass(line, pass);
            if (window == 0) {
                continue;
            }
            if (first) {
                rows.startFromZero();
            } else {
                rows.startFromTarget();
            }
            for (int list = firstList; list < endList; list++) {
                int entry = lists.firstEntry(pass, list);
                int entries = lists.firstEntry(pass, list + 1) - entry;
                rows.validRows = lists.validRows(list);
                long y = to + list * TapLists.GROUP * rows.rowBytes;
                tiles(plan.cut().vectors(), pixels, rows, entries, lists.address(entry), window, y, first);
            }
            first = false;
        }
        if (first) {
            int firstRow = firstList * TapLists.GROUP;
            int endRow = Math.min(gather.rows(), endList * TapLists.GROUP);
            GatherAddresses.clear(rows, endRow - firstRow, pixels * plan.cut().vectors(), to + firstRow
                    * rows.rowBytes);
        }
    }

    /** Cuts a group's pixels into tiles of about equal size that fit the registers. */
    private static void tiles(
            int vectors, int pixels, GroupPass rows, int entries, long list, long window, long y, boolean first) {
        int most = WindowCut.GROUP_TILE / vectors;
        int tiles = (pixels + most - 1) / most;
        long stepBytes = vectors == 2 ? rows.pairBytes : rows.secondBytes;
        for (int tile = 0; tile < tiles; tile++) {
            int from = pixels * tile / tiles;
            int to = pixels * (tile + 1) / tiles;
            long at = y + from * stepBytes;
            GroupTiles.gather((to - from) * vectors, rows, entries, list, window + (long) from * vectors * VECTOR_BYTES,
                    at, first ? Native.ZEROS : at);
        }
    }
}
