package org.bame.kernel;

/**
 * How a gather's reduction is cut so that the source window of a group of pixels stays in the first-level cache while all
 * target channels use it: ranges of source channels and, if that is not enough, single kernel columns. Each pass after the
 * first adds to what the target already holds.
 *
 * @param channelsPerPass source channels of a pass (the last range may be shorter)
 * @param ranges number of channel ranges
 * @param splitColumns whether each kernel column is a pass of its own
 */
record Passes(int channelsPerPass, int ranges, boolean splitColumns) {
    /** Kept fraction below which a mask is {@link #nearlyEmpty}. */
    static final double NEARLY_EMPTY_DENSITY = 0.2;

    /** Part of the first-level cache that a window may take. */
    private static final int WINDOW_BYTES = 40 * 1024;

    /** The same for the larger tiles of masks. */
    private static final int MASKED_WINDOW_BYTES = 54 * 1024;

    private static final int NEARLY_EMPTY_WINDOW_BYTES = 134 * 1024;

    private static final int FEWEST_CHANNELS = 16;

    /** The cut for a dense gather by groups of {@code pixels} target pixels. */
    static Passes dense(Correlation gather, int pixels, int blockWidth) {
        return of(gather, pixels, blockWidth, WINDOW_BYTES);
    }

    /** The cut for a gather over a mask. */
    static Passes masked(Correlation gather, int blockWidth) {
        return of(gather, SparseTiles.MOST_PIXELS, blockWidth, MASKED_WINDOW_BYTES);
    }

    /**
     * The cut for a mask that keeps few weights: a row then touches so little of its window that fewer passes are worth more
     * than the first-level cache (64 channels, 3x3, 1:16: 77 against 52 GFLOP/s; at 1:4 it is the other way round).
     */
    static Passes nearlyEmpty(Correlation gather, int blockWidth) {
        return of(gather, SparseTiles.MOST_PIXELS, blockWidth, NEARLY_EMPTY_WINDOW_BYTES);
    }

    private static Passes of(Correlation gather, int pixels, int blockWidth, int windowBytes) {
        long bytesPerChannel = (long) gather.windowRows(pixels) * blockWidth * Float.BYTES;
        long whole = bytesPerChannel * gather.columnTaps() * gather.channels();
        boolean split = gather.columnTaps() > 1 && whole > windowBytes;
        long perChannel = bytesPerChannel * (split ? 1 : Math.max(1, gather.columnTaps()));
        int ranges = 1;
        while (gather.channels() / ranges > FEWEST_CHANNELS
                && perChannel * ((gather.channels() + ranges - 1) / ranges) > windowBytes) {
            ranges++;
        }
        int channels = (gather.channels() + ranges - 1) / ranges;
        return new Passes(channels, (gather.channels() + channels - 1) / channels, split);
    }
}
