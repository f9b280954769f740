package org.bame.kernel;

import static org.bame.kernel.Native.VECTOR_BYTES;

import java.util.List;
import java.util.stream.Stream;
import org.bame.sparsity.Support;

/**
 * The forward product or one gather of the input gradient: walks the tiles of a {@link GatherPlan}, packs what each reads, and
 * goes through its passes. How the lists pass by a packed window is the subclass's.
 */
abstract sealed class Gather implements WorkerPool.Task permits RowGather, GroupGather {
    private final TapLists lists;
    private final WeightLoad load;
    private final GatherAddresses addresses;
    private final WorkerPool pool;
    /** One a worker: of tiles whose sums start from zero, and of those that add to the target. */
    private final List<TilePass> firstPasses;
    private final List<TilePass> laterPasses;
    private final List<WindowFeed> feeds;
    private long source;
    private long target;
    private boolean add;
    private Epilogue epilogue;

    Gather(TapLists lists, GatherAddresses addresses, WorkerPool pool) {
        this.lists = lists;
        this.load = new WeightLoad(lists, pool);
        this.addresses = addresses;
        this.pool = pool;
        this.firstPasses = Stream.generate(TilePass::new).limit(pool.threads()).toList();
        this.laterPasses = Stream.generate(TilePass::new).limit(pool.threads()).toList();
        this.feeds = Stream.generate(WindowFeed::new).limit(pool.threads()).toList();
    }

    /** The lists of the support. */
    final TapLists lists() {
        return lists;
    }

    /**
     * Computes the gather.
     *
     * @param add whether to add to the target instead of overwriting it
     * @param epilogue runs after each unit; or null
     */
    final void run(Support support, Storage weights, Storage from, Storage to, boolean add, Epilogue epilogue) {
        lists.follow(support);
        load.run(weights);
        source = from.address();
        target = to.address();
        this.add = add;
        this.epilogue = epilogue;
        pool.reserve(lists.plan().windowBytes(1));
        pool.run(lists.plan().tasks(), this);
    }

    @Override
    public final void run(int task, int worker) {
        GatherPlan plan = lists.plan();
        TilePass first = firstPasses.get(worker);
        TilePass later = laterPasses.get(worker);
        describe(first, task, true);
        describe(later, task, false);
        WindowFeed feed = feeds.get(worker);
        feed.begin(plan, pool.memory(worker));
        int block = plan.block(task);
        for (int unit = plan.firstUnit(task); unit < plan.endUnit(task); unit++) {
            long lanes = (long) plan.vector(unit) * VECTOR_BYTES;
            int tile = plan.tile(unit);
            int line = plan.line(unit);
            feed.tile(source + addresses.sourceBlock(block) + lanes, tile);
            long to = target + addresses.target(block, line, plan.firstPixel(tile)) + lanes;
            tile(plan, feed, first, later, line, plan.pixels(tile), to);
            if (epilogue != null) {
                plan.tell(epilogue, block, unit, first.firstRow, first.endRow, worker);
            }
        }
    }

    private void describe(TilePass rows, int task, boolean fromZero) {
        GatherPlan plan = lists.plan();
        addresses.describe(rows, plan.cut().vectors(), fromZero);
        lists.describe(rows);
        rows.firstRow = plan.firstRow(task);
        rows.endRow = plan.endRow(task);
    }

    /** One tile in all its passes. */
    private void tile(
            GatherPlan plan, WindowFeed feed, TilePass firstRows, TilePass laterRows, int line, int pixels, long to) {
        boolean first = !add;
        for (int pass = 0; pass < plan.passes(); pass++) {
            long window = feed.pass(line, pass);
            if (window == 0) {
                continue;
            }
            pass(pass, first ? firstRows : laterRows, pixels, window, to, first);
            first = false;
        }
        if (first) {
            GatherAddresses.clear(firstRows, firstRows.endRow - firstRows.firstRow, pixels * plan.cut().vectors(),
                    to + firstRows.firstRow * firstRows.rowBytes);
        }
    }

    /**
     * Lets the lists of some rows pass by a window.
     *
     * @param rows the task's rows, and the tile's distances
     * @param pixels of the tile
     * @param window its address
     * @param to address of row 0 in the target
     * @param first whether sums start from zero, not from what the target holds
     */
    abstract void pass(int pass, TilePass rows, int pixels, long window, long to, boolean first);
}
