package org.bame.kernel;

import static org.bame.kernel.Native.VECTOR_BYTES;

import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;

/** A gather over the kept weights of a mask: the sparse forward product and the sparse input gradient. */
final class SparseGather implements WorkerPool.Task {
    private final Correlation gather;
    private final WorkerPool pool;
    private final TapLists lists;
    private final GatherAddresses addresses;
    private final RowPass[] passes;
    private final WindowFeed[] feeds;
    private long source;
    private long target;
    private boolean add;
    private Epilogue epilogue;

    SparseGather(Correlation gather, WeightShape weights, GatherAddresses addresses, BatchLayout batch,
            WorkerPool pool) {
        this.gather = gather;
        this.pool = pool;
        this.lists = new TapLists(
                gather, weights, 1, density -> GatherPlan.forRows(gather, batch, density, pool.threads()));
        this.addresses = addresses;
        this.passes = new RowPass[pool.threads()];
        this.feeds = new WindowFeed[pool.threads()];
        for (int i = 0; i < passes.length; i++) {
            passes[i] = new RowPass();
            feeds[i] = new WindowFeed();
        }
    }

    /** The lists, for a weight gradient on the same mask. */
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
        RowPass rows = passes[worker];
        addresses.describe(rows, plan.cut().vectors());
        rows.firstRow = plan.firstRow(task);
        rows.endRow = plan.endRow(task);
        WindowFeed feed = feeds[worker];
        feed.begin(plan, pool.memory(worker));
        int block = plan.block(task);
        for (int unit = plan.firstUnit(task); unit < plan.endUnit(task); unit++) {
            long lanes = (long) plan.vector(unit) * VECTOR_BYTES;
            int tile = plan.tile(unit);
            int line = plan.line(unit);
            feed.tile(source + addresses.sourceBlock(block) + lanes, tile);
            long to = target + addresses.target(block, line, plan.firstPixel(tile)) + lanes;
            tile(plan, feed, rows, line, plan.pixels(tile) * plan.cut().vectors(), to + rows.firstRow * rows.rowBytes);
            if (epilogue != null) {
                plan.tell(epilogue, block, unit, rows.firstRow, rows.endRow, worker);
            }
        }
    }

    /** One tile in all its passes. */
    private void tile(GatherPlan plan, WindowFeed feed, RowPass rows, int line, int vectors, long to) {
        long start = add ? to : Native.ZEROS;
        if (add) {
            rows.startFromTarget();
        } else {
            rows.startFromZero();
        }
        for (int pass = 0; pass < plan.passes() && !gather.empty(); pass++) {
            lists.describe(rows, pass);
            long window = feed.pass(line, pass);
            if (window == 0) {
                continue;
            }
            RowTiles.gather(vectors, rows, window, to, start);
            rows.startFromTarget();
            start = to;
        }
        if (start == Native.ZEROS) {
            GatherAddresses.clear(rows, rows.endRow - rows.firstRow, vectors, to);
        }
    }
}
