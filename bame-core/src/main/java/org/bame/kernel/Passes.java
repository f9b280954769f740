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
    /** Part of the first-level cache that a window may take; measured on 32 and 48 KB caches, see bame-core/README. */
    static final int WINDOW_BYTES = Integer.getInteger("bame.windowBytes", 40 * 1024);

    private static final int FEWEST_CHANNELS = 16;

    /** The cut for groups of {@code pixels} target pixels and blocks of {@code blockWidth} images. */
    static Passes of(Correlation gather, int pixels, int blockWidth) {
        long bytesPerChannel = (long) gather.windowRows(pixels) * blockWidth * Float.BYTES;
        long whole = bytesPerChannel * gather.columnTaps() * gather.channels();
        boolean split = gather.columnTaps() > 1 && whole > WINDOW_BYTES;
        long perChannel = bytesPerChannel * (split ? 1 : Math.max(1, gather.columnTaps()));
        int ranges = 1;
        while (gather.channels() / ranges > FEWEST_CHANNELS
                && perChannel * ((gather.channels() + ranges - 1) / ranges) > WINDOW_BYTES) {
            ranges++;
        }
        int channels = (gather.channels() + ranges - 1) / ranges;
        return new Passes(channels, (gather.channels() + channels - 1) / channels, split);
    }
}
