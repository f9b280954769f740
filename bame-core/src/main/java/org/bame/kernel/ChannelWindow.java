package org.bame.kernel;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.bame.kernel.Native.LANES;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.SPECIES;
import static org.bame.kernel.Native.VECTOR_BYTES;

/**
 * Copies of the source windows of a stretch of a line, transposed so that channels lie in the lanes:
 * {@code [slot][group][phase][position][image][channel of the group]}, a group being {@code LANES} channels. A slot is one
 * source line; the slots form a ring, in which the lines that neighbouring windows share stay where they are. Borders and the
 * channels missing from the last group are zeros.
 */
final class ChannelWindow {
    private final Correlation.Axis across;
    private final Correlation.Axis along;
    private final int channels;
    private final int images;
    private final int pixels;
    private final int phases;
    private final int positionsPerPhase;
    private final long laneBytes;
    private final long pixelBytes;
    private final long positionBytes;
    private final long groupBytes;

    /**
     * Windows of stretches of at most {@code pixels} target pixels.
     *
     * @param images of a block, padding included
     */
    ChannelWindow(Correlation gather, int pixels, int images) {
        this.across = gather.across();
        this.along = gather.along();
        this.channels = gather.channels();
        this.images = images;
        this.pixels = pixels;
        this.phases = WindowCut.phases(gather);
        this.positionsPerPhase = pixels + (along.taps() - 1) / along.sourceStep();
        this.laneBytes = (long) images * Float.BYTES;
        this.pixelBytes = channels * laneBytes;
        this.positionBytes = (long) images * VECTOR_BYTES;
        this.groupBytes = phases * positionsPerPhase * positionBytes;
    }

    /** Bytes of the ring for some groups. */
    long bytes(int groups) {
        return across.taps() * groups * groupBytes;
    }

    /** Byte offset, within the ring of some groups, of what a group has under a tap of the windows of a line. */
    long offset(int line, int acrossTap, int group, int groups, int alongTap) {
        int slot = (line * across.sourceStep() + acrossTap) % across.taps();
        int position = alongTap % along.sourceStep() * positionsPerPhase + alongTap / along.sourceStep();
        return (slot * groups + group) * groupBytes + position * positionBytes;
    }

    /**
     * Brings the windows of a line into the ring.
     *
     * @param source address of the block
     * @param sharesFrom the line whose windows are in the ring, or -1
     * @param firstPixel first target pixel of the stretch, along the line
     * @param count target pixels of the stretch
     * @param ring its address
     * @param scratch address of {@link LaneTransposition#SCRATCH_BYTES} twice
     */
    void pack(long source, int line, int sharesFrom, int firstPixel, int count, int firstGroup, int groups, long ring,
            long scratch) {
        int first = line * across.sourceStep();
        int held = sharesFrom < 0 ? first : sharesFrom * across.sourceStep() + across.taps();
        for (int slot = Math.max(first, held); slot < first + across.taps(); slot++) {
            long to = ring + slot % across.taps() * groups * groupBytes;
            for (int group = 0; group < groups; group++) {
                pack(source, across.origin() + slot, firstPixel, count, firstGroup + group, to + group * groupBytes,
                        scratch);
            }
        }
    }

    private void pack(long source, int sourceLine, int firstPixel, int count, int group, long to, long scratch) {
        boolean lineInside = sourceLine >= 0 && sourceLine < across.sourceSize();
        int present = Math.min(LANES, channels - group * LANES);
        long line = source + (long) sourceLine * across.sourcePixels() * pixelBytes + group * LANES * laneBytes;
        int first = along.origin() + firstPixel * along.sourceStep();
        int positions = positionsPerPhase - pixels + count;
        for (int phase = 0; phase < phases; phase++) {
            long at = to + phase * positionsPerPhase * positionBytes;
            for (int position = 0; position < positions; position++) {
                int column = first + position * along.sourceStep() + phase;
                if (lineInside && column >= 0 && column < along.sourceSize()) {
                    transpose(line + (long) column * along.sourcePixels() * pixelBytes, present, at, scratch);
                } else {
                    Native.clear(at, positionBytes);
                }
                at += positionBytes;
            }
        }
    }

    /** The images of one pixel. */
    private void transpose(long from, int present, long to, long scratch) {
        for (int image = 0; image < images; image += LANES) {
            if (present == LANES) {
                LaneTransposition.square(from, laneBytes, to, scratch);
            } else {
                long square = scratch + LaneTransposition.SCRATCH_BYTES;
                for (int channel = 0; channel < LANES; channel++) {
                    fromMemorySegment(SPECIES, MEMORY, channel < present ? from + channel * laneBytes : Native.ZEROS,
                            ORDER).intoMemorySegment(MEMORY, square + (long) channel * VECTOR_BYTES, ORDER);
                }
                LaneTransposition.square(square, VECTOR_BYTES, to, scratch);
            }
            from += VECTOR_BYTES;
            to += LaneTransposition.SCRATCH_BYTES;
        }
    }
}
