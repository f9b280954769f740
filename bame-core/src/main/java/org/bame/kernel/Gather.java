package org.bame.kernel;

import static org.bame.kernel.Native.VECTOR_BYTES;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.bame.sparsity.Support;

/**
 * The forward product or one gather of the input gradient: walks the tiles of a {@link GatherPlan}, packs what each reads, and
 * goes through its passes. How the lists pass by a packed window is the subclass's.
 *
 * @param <P> what the tiles want to know of a pass
 */
abstract sealed class Gather<P extends TilePass> implements WorkerPool.Task permits RowGather, GroupGather {
    private final TapLists lists;
    private final WeightLoad load;
    private final GatherAddresses addresses;
    private final WorkerPool pool;
    /** One a worker. */
    private final List<P> passes;
    private final List<WindowFeed> feeds;
    private long source;
    private long target;
    private boolean add;
    private Epilogue epilogue;

    Gather(TapLists lists, GatherAddresses addresses, WorkerPool pool, Supplier<P> newPass) {
        this.lists = lists;
        this.load = new WeightLoad(lists, pool);
        this.addresses = addresses;
        this.pool = pool;
        this.passes = Stream.generate(newPass).limit(pool.threads()).toList();
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
        P rows = passes.get(worker);
        addresses.describe(rows, plan.cut().vectors());
        WindowFeed feed = feeds.get(worker);
        feed.begin(plan, pool.memory(worker));
        int block = plan.block(task);
        int firstRow = plan.firstRow(task);
        int endRow = plan.endRow(task);
        for (int unit = plan.firstUnit(task); unit < plan.endUnit(task); unit++) {
            long lanes = (long) plan.vector(unit) * VECTOR_BYTES;
            int tile = plan.tile(unit);
            int line = plan.line(unit);
            feed.tile(source + addresses.sourceBlock(block) + lanes, tile);
            long to = target + addresses.target(block, line, plan.firstPixel(tile)) + lanes;
            tile(plan, feed, rows, line, plan.pixels(tile), firstRow, endRow, to);
            if (epilogue != null) {
                plan.tell(epilogue, block, unit, firstRow, endRow, worker);
            }
        }
    }

    /** One tile in all its passes. */
    private void tile(
            GatherPlan plan, WindowFeed feed, P rows, int line, int pixels, int firstRow, int endRow, long to) {
        boolean first = !add;
        for (int pass = 0; pass < plan.passes(); pass++) {
            long window = feed.pass(line, pass);
            if (window == 0) {
                continue;
            }
            if (first) {
                rows.startFromZero();
            } else {
                rows.startFromTarget();
            }
            pass(pass, rows, firstRow, endRow, pixels, window, to, first);
            first = false;
        }
        if (first) {
            GatherAddresses.clear(rows, endRow - firstRow, pixels * plan.cut().vectors(), to + firstRow
                    * rows.rowBytes);
        }
    }

    /**
     * Lets the lists of some rows pass by a window.
     *
     * @param rows the tile's distances, with the start of its sums
     * @param pixels of the tile
     * @param window its address
     * @param to address of row 0 in the target
     * @param first whether sums start from zero, not from what the target holds
     */
    abstract void pass(int pass, P rows, int firstRow, int endRow, int pixels, long window, long to, boolean first);
}
