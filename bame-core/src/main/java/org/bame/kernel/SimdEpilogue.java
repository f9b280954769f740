package org.bame.kernel;

/**
 * Two sums a channel over a batch, on vectors of images. Each stretch of pixels is summed lane by lane in single
 * precision, all stretches then in double precision in the order of their numbers: the bits depend on the
 * stretches, not on the threads.
 */
abstract class SimdEpilogue extends Epilogue {
    /** Most channels summed at once, so that their sums stay in the first-level cache. */
    private static final int MOST_CHANNELS = 64;

    private static final int LANE_SUM_BYTES = 2 * Native.VECTOR_BYTES;

    protected final FeatureShape shape;
    protected final BatchLayout batch;
    protected final int widthBytes;
    private final long pixelBytes;
    private final LaneMasks masks;
    /** Two vectors a channel for each worker. */
    private final Storage laneSums;
    private final long workerBytes;

    /** {@code [block][stretch][channel]}: what the stretches gave. */
    protected double[] firstSums = {};
    protected double[] secondSums = {};
    /** Pixels and lanes of each stretch. */
    private int[] pixels = {};
    private int[] firstLanes = {};
    private int[] lanes = {};
    private int stretches;
    private Storage target;

    SimdEpilogue(FeatureShape shape, BatchLayout batch, LaneMasks masks, int threads) {
        this.shape = shape;
        this.batch = batch;
        this.masks = masks;
        this.widthBytes = batch.blockWidth() * Float.BYTES;
        this.pixelBytes = (long) shape.channels() * widthBytes;
        this.workerBytes = (long) Math.min(MOST_CHANNELS, shape.channels()) * LANE_SUM_BYTES;
        this.laneSums = Storage.allocate(ElementType.FLOAT, threads * workerBytes / Float.BYTES);
    }

    @Override
    final void begin(Storage target, int stretches) {
        Checks.activations("the target of an epilogue", target, ElementType.FLOAT, batch, shape);
        this.target = target;
        this.stretches = stretches;
        int sums = Math.multiplyExact(batch.blocks() * stretches, shape.channels());
        if (sums > firstSums.length) {
            firstSums = new double[sums];
            secondSums = new double[sums];
        }
        if (stretches > pixels.length) {
            pixels = new int[stretches];
            firstLanes = new int[stretches];
            lanes = new int[stretches];
        }
    }

    @Override
    final void stretch(
            int block, int stretch, int pixel, int pixelStep, int pixels, int firstLane, int lanes, int firstChannel,
            int endChannel, int worker) {
        this.pixels[stretch] = pixels;
        this.firstLanes[stretch] = firstLane;
        this.lanes[stretch] = lanes;
        int laneBytes = firstLane * Float.BYTES;
        long sums = laneSums.address() + worker * workerBytes;
        long first = ((long) block * shape.pixels() + pixel) * pixelBytes + laneBytes;
        for (int channel = firstChannel; channel < endChannel; channel += MOST_CHANNELS) {
            int channels = Math.min(MOST_CHANNELS, endChannel - channel);
            long offset = first + (long) channel * widthBytes;
            Native.clear(sums, (long) channels * LANE_SUM_BYTES);
            sum(target.address(), offset, lanes * Float.BYTES, pixels, pixelStep * pixelBytes, channel, channels,
                    masks.lanes(block) + laneBytes, sums);
            int at = (block * stretches + stretch) * shape.channels() + channel;
            keep(sums, at, channels);
            settle(target.address() + offset, count(block * stretches + stretch), at, channels);
        }
    }

    /**
     * Adds up some channels of a stretch, lane by lane.
     *
     * @param result address of the tensor that is summed
     * @param offset bytes from there, or from the start of another such tensor, to the first channel's first lane in the
     *     first pixel
     * @param laneBytes bytes of the lanes to be summed
     * @param step bytes from one pixel to the next
     * @param mask of the lanes that hold images
     * @param sums two vectors a channel
     */
    abstract void sum(
            long result, long offset, int laneBytes, int pixels, long step, int channel, int channels, long mask,
            long sums);

    /**
     * Turns the sums of some channels of a stretch, from a position of {@link #firstSums} and {@link #secondSums}, into
     * what is to be kept.
     *
     * @param numbers address of the first channel's numbers in the first pixel
     * @param count how many numbers of a channel were summed
     */
    abstract void settle(long numbers, double count, int at, int channels);

    private void keep(long sums, int at, int channels) {
        LaneSums.fold(sums, 2 * channels);
        for (int channel = 0; channel < channels; channel++) {
            long from = sums + (long) channel * LANE_SUM_BYTES;
            firstSums[at + channel] = LaneSums.sumFolded(from);
            secondSums[at + channel] = LaneSums.sumFolded(from + Native.VECTOR_BYTES);
        }
    }

    /** What was summed last and not yet forgotten; null if nothing. */
    final Storage target() {
        return target;
    }

    /** Ends the use of the sums. */
    final void forget() {
        target = null;
    }

    /** Number of all stretches of all blocks. */
    final int parts() {
        return batch.blocks() * stretches;
    }

    /** Numbers a channel has in a part. */
    final double count(int part) {
        int stretch = part % stretches;
        int images = Math.clamp(batch.imagesIn(part / stretches) - firstLanes[stretch], 0, lanes[stretch]);
        return (double) pixels[stretch] * images;
    }
}
