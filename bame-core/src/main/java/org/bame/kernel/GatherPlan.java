package org.bame.kernel;

import java.util.Arrays;

/**
 * How a gather with one {@link WindowCut} is walked. A unit is one tile: some pixels of a line, for some lanes of a block;
 * units are numbered line fastest, so that neighbouring lines can share what they packed. Tasks are blocks of images x
 * stretches of units x, where that is too few for the threads, ranges of rows. Tasks never change a result: each target
 * number is computed whole within one task, and always in the same order.
 */
final class GatherPlan {
    private static final int TASKS_PER_THREAD = 8;

    /** As many times more tasks where neighbouring lines share nothing: the threads end closer together. */
    private static final int FINER = 2;

    private static final int FEWEST_ROWS = 16;

    /** Rows of a task are a multiple of this, so that groups of rows stay together. */
    private static final int ROW_UNIT = TapLists.GROUP;

    private final Correlation gather;
    private final WindowCut cut;
    private final PackedWindow window;
    private final int[] tileStarts;
    private final int lines;
    private final int units;
    private final int blocks;
    private final int unitRanges;
    private final int rowRanges;
    private final int rowsPerRange;

    private GatherPlan(Correlation gather, WindowCut cut, int[] tileStarts, BatchLayout batch, int threads) {
        this.gather = gather;
        this.cut = cut;
        this.window = new PackedWindow(gather, cut, batch.blockWidth());
        this.tileStarts = tileStarts;
        this.lines = gather.across().pixels();
        int parts = batch.blockWidth() / Native.LANES / cut.vectors();
        this.units = parts * (tileStarts.length - 1) * lines;
        this.blocks = batch.blocks();
        int wanted = threads == 1 ? 1 : threads * TASKS_PER_THREAD;
        int stretches = (wanted + blocks - 1) / blocks;
        this.unitRanges = Math.min(units, threads == 1 || cut.slides(gather) ? stretches : FINER * stretches);
        int missing = (wanted + blocks * unitRanges - 1) / (blocks * unitRanges);
        int ranges = Math.max(1, Math.min(missing, gather.rows() / FEWEST_ROWS));
        this.rowsPerRange = ((gather.rows() + ranges - 1) / ranges + ROW_UNIT - 1) / ROW_UNIT * ROW_UNIT;
        this.rowRanges = (gather.rows() + rowsPerRange - 1) / rowsPerRange;
    }

    /** The plan for lists of single rows. */
    static GatherPlan forRows(Correlation gather, BatchLayout batch, double density, int threads) {
        WindowCut cut = WindowCut.forRows(gather, batch.blockWidth() / Native.LANES, density);
        int[] starts = new int[gather.along().pixels() + 1];
        int tiles = 0;
        while (starts[tiles] < gather.along().pixels()) {
            starts[tiles + 1] = starts[tiles] + cut.rowTilePixels(gather.along().pixels() - starts[tiles]);
            tiles++;
        }
        return new GatherPlan(gather, cut, Arrays.copyOf(starts, tiles + 1), batch, threads);
    }

    /** The plan for lists that 4 rows share. */
    static GatherPlan forGroups(Correlation gather, BatchLayout batch, double density, int threads) {
        return even(gather, WindowCut.forGroups(gather, batch.blockWidth() / Native.LANES, density), batch, threads);
    }

    /** The plan for outer products of 4 rows and the entries that they share. */
    static GatherPlan forOuterProducts(Correlation gather, BatchLayout batch, double density, int threads) {
        WindowCut cut = WindowCut.forOuterProducts(gather, batch.blockWidth() / Native.LANES, density);
        return even(gather, cut, batch, threads);
    }

    /** The plan for the scatter that is the transpose of a gather. */
    static GatherPlan forScatter(Correlation gather, BatchLayout batch, int threads) {
        WindowCut cut = WindowCut.forScatter(gather);
        int line = gather.along().pixels();
        int tiles = (line + cut.pixels() - 1) / cut.pixels();
        int[] starts = new int[tiles + 1];
        Arrays.setAll(starts, i -> (int) ((long) line * i / tiles));
        return new GatherPlan(gather, cut, starts, batch, threads);
    }

    private static GatherPlan even(Correlation gather, WindowCut cut, BatchLayout batch, int threads) {
        int line = gather.along().pixels();
        int[] starts = new int[(line + cut.pixels() - 1) / cut.pixels() + 1];
        Arrays.setAll(starts, i -> Math.min(line, i * cut.pixels()));
        return new GatherPlan(gather, cut, starts, batch, threads);
    }

    Correlation gather() {
        return gather;
    }

    WindowCut cut() {
        return cut;
    }

    PackedWindow window() {
        return window;
    }

    /** Passes over the reduction; none where no tap reaches the target. */
    int passes() {
        return gather.empty() ? 0 : cut.passes(gather);
    }

    /** The pass of a channel range and an across tap. */
    int pass(int range, int acrossTap) {
        return cut.split() ? range * gather.across().taps() + acrossTap : range;
    }

    /** The channel range of a pass. */
    int range(int pass) {
        return cut.split() ? pass / gather.across().taps() : pass;
    }

    /** Source channels of a pass. */
    int channels(int pass) {
        return Math.min(cut.channels(), gather.channels() - range(pass) * cut.channels());
    }

    /** Bytes of window memory that a worker needs to hold the windows of some neighbouring lines. */
    long windowBytes(int linesAtOnce) {
        return cut.slides(gather)
                ? ((lines - 1) * gather.across().sourceStep() + gather.across().taps()) * window.slotBytes()
                : linesAtOnce * lineBytes();
    }

    /** Bytes from the window of a line to that of the next. */
    long lineBytes() {
        return window.slotBytes() * (cut.slides(gather) ? gather.across().sourceStep() : cut.tapsPerPass(gather));
    }

    int units() {
        return units;
    }

    /** Index of a unit's first vector within a block's width. */
    int vector(int unit) {
        return unit / lines / (tileStarts.length - 1) * cut.vectors();
    }

    int lines() {
        return lines;
    }

    int tile(int unit) {
        return unit / lines % (tileStarts.length - 1);
    }

    int line(int unit) {
        return unit % lines;
    }

    /** Tiles of a line. */
    int tiles() {
        return tileStarts.length - 1;
    }

    int firstPixel(int tile) {
        return tileStarts[tile];
    }

    int pixels(int tile) {
        return tileStarts[tile + 1] - tileStarts[tile];
    }

    /** Tells an epilogue that some rows of a unit are complete. */
    void tell(Epilogue epilogue, int block, int unit, int firstRow, int endRow, int worker) {
        int tile = tile(unit);
        epilogue.stretch(block, unit, gather.targetPixel(line(unit), firstPixel(tile)), gather.along().targetStep(),
                pixels(tile), vector(unit) * Native.LANES, cut.vectors() * Native.LANES, firstRow, endRow, worker);
    }

    int tasks() {
        return blocks * unitRanges * rowRanges;
    }

    int block(int task) {
        return task % blocks;
    }

    int firstUnit(int task) {
        return (int) ((long) units * (task / blocks / rowRanges) / unitRanges);
    }

    int endUnit(int task) {
        return (int) ((long) units * (task / blocks / rowRanges + 1) / unitRanges);
    }

    int firstRow(int task) {
        return task / blocks % rowRanges * rowsPerRange;
    }

    int endRow(int task) {
        return Math.min(gather.rows(), firstRow(task) + rowsPerRange);
    }
}
