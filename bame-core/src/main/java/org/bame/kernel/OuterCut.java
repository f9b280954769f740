package org.bame.kernel;

import static org.bame.kernel.Native.LANES;
import static org.bame.kernel.Native.VECTOR_BYTES;

/**
 * How the dense weight gradient is cut, so that what a task reads again and again stays near: stretches of a line whose windows
 * the first-level cache holds, and blocks of the weights, channel groups by rows, whose windows and sums the second-level cache
 * holds. Of the blocks that fit, the one is taken that packs least.
 *
 * <p>The cycles and sizes that this counts with come from trials, not kept, on a Zen 5 (one core, 48 KB of first-level and 1 MB
 * of second-level cache); another processor may have a better cut. The cut depends on shapes alone, so that sums have the same
 * order everywhere.
 *
 * @param pixels most pixels of a stretch
 * @param panel whether the broadcast operand is copied together, row by row: where a number of it meets one tap only, its rows
 *     are many, and their pixels far apart
 * @param groups channel groups of a task (the last range may be shorter)
 * @param rows of a task (the last range may be shorter)
 */
record OuterCut(int pixels, boolean panel, int groups, int rows) {
    /** Images that a tile sums before its sums go back to memory. */
    private static final int STEPS = 256;

    /** The same where neighbouring stretches pack some pixels twice. */
    private static final int STEPS_WITH_BORDERS = 1024;

    /** Windows, sums and panel of a task: what of the second-level cache they may fill. */
    private static final long TASK_BYTES = 640 * 1024;

    /** The same for a single tap: sums that come from the third-level cache cost less than to pack once more. */
    private static final long TASK_BYTES_OF_ONE_TAP = 1200 * 1024;

    /** Cycles to transpose a vector into the window. */
    private static final double TRANSPOSE = 7;

    /** Cycles to copy a vector into the panel. */
    private static final double COPY = 3;

    /** Rows of a task are a multiple of this. */
    private static final int ROW_UNIT = 8;

    /** The cut for blocks of so many images. */
    static OuterCut of(Correlation gather, int images) {
        int line = gather.along().pixels();
        int steps = gather.along().taps() == 1 ? STEPS : STEPS_WITH_BORDERS;
        int stretches = Math.max(1, line * images / steps);
        int pixels = (line + stretches - 1) / stretches;
        int taps = gather.across().taps() * gather.along().taps();
        int groups = groups(gather);
        OuterCut best = new OuterCut(pixels, taps == 1, 1, Math.min(gather.rows(), ROW_UNIT));
        double least = Double.POSITIVE_INFINITY;
        for (int rowRanges = 1; rowRanges <= (gather.rows() + ROW_UNIT - 1) / ROW_UNIT; rowRanges++) {
            int rows = rangeSize(gather.rows(), rowRanges, ROW_UNIT);
            long left = (taps == 1 ? TASK_BYTES_OF_ONE_TAP : TASK_BYTES)
                    - new OuterCut(pixels, taps == 1, 1, rows).panelBytes(gather, images);
            long groupBytes = new ChannelWindow(gather, pixels, images).bytes(1) + (long) taps * rows * VECTOR_BYTES;
            int most = (int) Math.clamp(left / groupBytes, 0, groups);
            if (most > 0) {
                OuterCut cut = new OuterCut(pixels, taps == 1, rangeSize(groups, (groups + most - 1) / most, 1), rows);
                double cycles = cut.packingCycles(gather);
                if (cycles < least) {
                    least = cycles;
                    best = cut;
                }
            }
        }
        return best;
    }

    /** Groups of channels that lie in the lanes together. */
    static int groups(Correlation gather) {
        return (gather.channels() + LANES - 1) / LANES;
    }

    /** Stretches of a line. */
    int stretches(Correlation gather) {
        return (gather.along().pixels() + pixels - 1) / pixels;
    }

    /** Bytes of a task's copy of the broadcast operand. */
    long panelBytes(Correlation gather, int images) {
        return panel ? (long) Math.min(rows, gather.rows()) * pixels * images * Float.BYTES : 0;
    }

    /** Estimated cycles that all tasks pack a vector of every channel and row. */
    private double packingCycles(Correlation gather) {
        int rowRanges = (gather.rows() + rows - 1) / rows;
        int groupRanges = (groups(gather) + groups - 1) / groups;
        return TRANSPOSE * gather.channels() * rowRanges + (panel ? COPY * gather.rows() * groupRanges : 0);
    }

    private static int rangeSize(int count, int ranges, int unit) {
        int size = (count + ranges - 1) / ranges;
        return Math.min(count, (size + unit - 1) / unit * unit);
    }
}
