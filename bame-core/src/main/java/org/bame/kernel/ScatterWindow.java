package org.bame.kernel;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.SPECIES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import jdk.incubator.vector.FloatVector;

/**
 * The sums of a scatter: some positions of a line of dX, in the order of one slot of a {@link PackedWindow},
 * {@code [channel][phase][position]}, for each vector of a block and each range of channels. When a tile of dY pixels is
 * done, the positions that no later tile reaches go to dX; those that the next tile overlaps move to its start. Sums
 * are zero before the first tile of a line and after the last.
 */
final class ScatterWindow {
    private final Correlation.Axis along;
    private final int phases;
    private final int overlap;
    private final long laneBytes;
    private final long positionBytes;
    private final long phaseBytes;
    private final long channelBytes;
    private final long rangeBytes;
    private final int channels;
    private final long partBytes;
    private final int parts;

    /**
     * @param gather the gather whose transpose the scatter is
     * @param cut with one vector a pixel, and split
     */
    ScatterWindow(Correlation gather, WindowCut cut, int blockWidth) {
        this.along = gather.along();
        this.phases = WindowCut.phases(gather);
        this.overlap = (along.taps() - 1) / along.sourceStep();
        this.laneBytes = (long) blockWidth * Float.BYTES;
        this.positionBytes = along.sourcePixels() * gather.channels() * laneBytes;
        this.phaseBytes = (long) cut.positionsPerPhase(gather) * VECTOR_BYTES;
        this.channelBytes = phases * phaseBytes;
        this.rangeBytes = cut.channels() * channelBytes;
        this.partBytes = cut.ranges() * rangeBytes;
        this.channels = gather.channels();
        this.parts = blockWidth / Native.LANES;
    }

    /** Bytes of all sums. */
    long bytes() {
        return parts * partBytes;
    }

    /** Offset of the sums of a range of channels, of the first vector of the block. */
    long range(int range) {
        return range * rangeBytes;
    }

    /** Bytes from the sums of a vector of the block to those of the next. */
    long partBytes() {
        return partBytes;
    }

    /** Whether tiles of a line share no position of dX. */
    boolean tilesApart() {
        return overlap == 0;
    }

    /**
     * Hands what is complete to dX, all channels of a pixel at once: memory takes long stretches faster.
     *
     * @param sums address of all sums
     * @param firstPixel first dY pixel of the tile, along the line
     * @param pixels dY pixels of the tile
     * @param lastTile whether the tile is the last of its line: all that is left of the line of dX is complete then
     * @param line address of position 0 of the line of dX
     * @param add whether to add to dX instead of overwriting it
     */
    void flush(long sums, int firstPixel, int pixels, boolean lastTile, long line, boolean add) {
        int step = along.sourceStep();
        int first = along.origin() + firstPixel * step;
        int complete = lastTile ? Math.max(0, (along.sourceSize() - first + step - 1) / step) : pixels;
        int held = pixels + overlap;
        for (int residue = 0; residue < step; residue++) {
            long phase = sums + residue * phaseBytes;
            for (int i = 0; i < complete; i++) {
                boolean reached = residue < phases && i < held;
                int position = first + i * step + residue;
                flush(reached ? phase + (long) i * VECTOR_BYTES : 0, position, line, add);
            }
            for (int i = complete; i < held && residue < phases; i++) {
                keep(phase + (long) i * VECTOR_BYTES, lastTile ? 0 : pixels);
            }
        }
    }

    /** One position, of which the sums lie at {@code from}; 0 if no tap reaches it. */
    private void flush(long from, int position, long line, boolean add) {
        boolean inside = position >= 0 && position < along.sourceSize();
        for (int part = 0; part < parts; part++) {
            long sums = from + part * partBytes;
            long to = line + position * positionBytes + (long) part * VECTOR_BYTES;
            if (from == 0) {
                if (inside && !add) {
                    clear(channels, to, laneBytes);
                }
            } else if (!inside) {
                clear(channels, sums, channelBytes);
            } else if (add) {
                takeAdding(channels, sums, channelBytes, to, laneBytes);
            } else {
                take(channels, sums, channelBytes, to, laneBytes);
            }
        }
    }

    /** One position that is not complete: moves its sums back by some positions; by none, they lie outside of dX and go. */
    private void keep(long from, int back) {
        for (int part = 0; part < parts; part++) {
            long sums = from + part * partBytes;
            if (back == 0) {
                clear(channels, sums, channelBytes);
            } else {
                take(channels, sums, channelBytes, sums - (long) back * VECTOR_BYTES, channelBytes);
            }
        }
    }

    /** Moves vectors and leaves zeros. */
    private static void take(int count, long from, long fromStep, long to, long toStep) {
        for (int i = 0; i < count; i++) {
            FloatVector sum = fromMemorySegment(SPECIES, MEMORY, from, ORDER);
            FloatVector.zero(SPECIES).intoMemorySegment(MEMORY, from, ORDER);
            sum.intoMemorySegment(MEMORY, to, ORDER);
            from += fromStep;
            to += toStep;
        }
    }

    private static void takeAdding(int count, long from, long fromStep, long to, long toStep) {
        for (int i = 0; i < count; i++) {
            FloatVector sum = fromMemorySegment(SPECIES, MEMORY, from, ORDER);
            FloatVector.zero(SPECIES).intoMemorySegment(MEMORY, from, ORDER);
            fromMemorySegment(SPECIES, MEMORY, to, ORDER).add(sum).intoMemorySegment(MEMORY, to, ORDER);
            from += fromStep;
            to += toStep;
        }
    }

    private static void clear(int count, long to, long toStep) {
        for (int i = 0; i < count; i++) {
            FloatVector.zero(SPECIES).intoMemorySegment(MEMORY, to, ORDER);
            to += toStep;
        }
    }
}
