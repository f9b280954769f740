package org.bame.kernel;

import static org.bame.kernel.Native.LANES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;

/**
 * The input gradient of a row-grouped mask. The channels that it sums come in groups of 4 that keep the same positions, so
 * it is a scatter, the transpose of the forward gather: some pixels of 4 rows of dY stay in registers while the group's list
 * passes by, and the 4 products of an entry are added to its channel's sums at once.
 *
 * <p>A tile is what some dY pixels of a line add to one line of dX: across tap by across tap, each with the line of dY that
 * it meets there, for one range of channels after the other, whose sums ({@link ScatterWindow}) stay in the first-level
 * cache. A number of dX is summed in the order of tiles, across taps, groups and entries, whatever the tasks are.
 */
final class GroupScatter implements WorkerPool.Task {
    /** Fewest rows of dY for which the scatter was faster than a gather with a list a row, in trials, not kept, on a Zen 5. */
    static final int FEWEST_ROWS = 32;

    /** The same of weights a channel of dX, kept or not: each number of dX costs a store in a burst, which only arithmetic repays. */
    private static final int FEWEST_WEIGHTS = 128;

    private static final int TASKS_PER_THREAD = 8;

    private final Correlation gather;
    private final WorkerPool pool;
    private final GatherPlan plan;
    private final TapLists lists;
    private final WeightLoad load;
    private final GatherAddresses addresses;
    private final ScatterWindow window;
    private final ScatterPass[] passes;
    private final int blocks;
    private final int parts;
    private final int pieces;
    private final int units;
    private final int unitRanges;
    private long dy;
    private long dx;
    private boolean add;

    /**
     * @param gather the gather of the forward product
     * @param addresses those of the forward product
     */
    GroupScatter(
            Correlation gather, WeightShape weights, GatherAddresses addresses, BatchLayout batch, WorkerPool pool) {
        this.gather = gather;
        this.pool = pool;
        this.plan = GatherPlan.forScatter(gather, batch, pool.threads());
        this.lists = new TapLists(gather, weights, TapLists.GROUP, density -> plan);
        this.load = new WeightLoad(lists, pool);
        this.addresses = addresses;
        this.window = new ScatterWindow(gather, plan.cut(), batch.blockWidth());
        this.passes = new ScatterPass[pool.threads()];
        for (int i = 0; i < passes.length; i++) {
            passes[i] = new ScatterPass();
        }
        this.blocks = batch.blocks();
        this.parts = batch.blockWidth() / LANES;
        this.pieces = window.tilesApart() ? plan.tiles() : 1;
        this.units = gather.across().sourceSize() * pieces;
        this.unitRanges = Math.min(units, (pool.threads() * TASKS_PER_THREAD + blocks - 1) / blocks);
    }

    /** Whether the scatter is faster than a gather with a list a row. */
    static boolean pays(WeightShape weights) {
        return weights.outputs() >= FEWEST_ROWS && weights.size() / weights.inputs() >= FEWEST_WEIGHTS;
    }

    /** The lists, to prepare them. */
    TapLists lists() {
        return lists;
    }

    /**
     * Computes the input gradient.
     *
     * @param add whether to add to dX instead of overwriting it
     */
    void run(Support support, Storage weights, Storage from, Storage to, boolean add) {
        lists.follow(support);
        load.run(weights);
        dy = from.address();
        dx = to.address();
        this.add = add;
        pool.reserve(window.bytes());
        pool.run(blocks * unitRanges, this);
    }

    /** Units are pieces of lines of dX: single tiles where these are apart, else whole lines. */
    @Override
    public void run(int task, int worker) {
        int block = task % blocks;
        int unitRange = task / blocks;
        ScatterPass pass = passes[worker];
        addresses.describe(pass);
        lists.describe(pass);
        long sums = pool.memory(worker);
        Native.clear(sums, window.bytes());
        int tilesOfUnit = plan.tiles() / pieces;
        int end = (int) ((long) units * (unitRange + 1) / unitRanges);
        for (int unit = (int) ((long) units * unitRange / unitRanges); unit < end; unit++) {
            int line = unit / pieces;
            int firstTile = unit % pieces * tilesOfUnit;
            for (int tile = firstTile; tile < firstTile + tilesOfUnit; tile++) {
                for (int range = 0; range < plan.cut().ranges(); range++) {
                    scatter(pass, block, line, tile, range, sums);
                }
                long to = dx + addresses.source(block, line);
                window.flush(sums, plan.firstPixel(tile), plan.pixels(tile), tile == plan.tiles() - 1, to, add);
            }
        }
    }

    /** Adds up all that a tile and a range of channels have in common. */
    private void scatter(ScatterPass pass, int block, int line, int tile, int range, long sums) {
        Correlation.Axis across = gather.across();
        for (int part = 0; part < parts; part++) {
            long to = sums + window.range(range) + part * window.partBytes();
            for (int tap = 0; tap < across.taps(); tap++) {
                int distance = line - across.origin() - tap;
                int dyLine = Math.floorDiv(distance, across.sourceStep());
                if (dyLine * across.sourceStep() == distance && dyLine >= 0 && dyLine < across.pixels()) {
                    long from = dy + addresses.target(block, dyLine, plan.firstPixel(tile)) + (long) part
                            * VECTOR_BYTES;
                    ScatterTiles.scatter(plan.pixels(tile), pass, lists.pointer(plan.pass(range, tap)), from, to);
                }
            }
        }
    }
}
