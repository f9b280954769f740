package org.bame.kernel;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.SPECIES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import jdk.incubator.vector.FloatVector;

/**
 * Copies of the source windows of a tile's pixels, packed so that each entry of a list (a channel at a tap) finds the vectors
 * of all pixels one after the other: {@code [slot][channel][phase][position][vector]}. A slot is one source line (an across
 * tap); a phase holds every {@code sourceStep}-th position of the line. The tiles then need one address an entry, read the
 * first-level cache without conflicts, and borders are zeros like any other number.
 */
final class PackedWindow {
    private final Correlation.Axis across;
    private final Correlation.Axis along;
    private final WindowCut cut;
    private final int phases;
    private final int positionsPerPhase;
    private final long pixelBytes;
    private final long laneBytes;
    private final long positionBytes;
    private final long channelBytes;
    private final long slotBytes;

    PackedWindow(Correlation gather, WindowCut cut, int blockWidth) {
        this.across = gather.across();
        this.along = gather.along();
        this.cut = cut;
        this.phases = WindowCut.phases(gather);
        this.positionsPerPhase = cut.positionsPerPhase(gather);
        this.laneBytes = (long) blockWidth * Float.BYTES;
        this.pixelBytes = gather.channels() * laneBytes;
        this.positionBytes = (long) cut.vectors() * VECTOR_BYTES;
        this.channelBytes = phases * positionsPerPhase * positionBytes;
        this.slotBytes = cut.channels() * channelBytes;
        // Offsets in a list are ints.
        Math.toIntExact(slotBytes * across.taps());
    }

    /** Bytes of one slot. */
    long slotBytes() {
        return slotBytes;
    }

    /** Byte offset of an entry's first vector from the first slot of its pass. */
    int offset(int slot, int alongTap, int channelOfRange) {
        int position = alongTap % along.sourceStep() * positionsPerPhase + alongTap / along.sourceStep();
        return (int) (slot * slotBytes + channelOfRange * channelBytes + position * positionBytes);
    }

    /** Whether a source line is inside the source. */
    boolean hasLine(int sourceLine) {
        return sourceLine >= 0 && sourceLine < across.sourceSize();
    }

    /** The source line under an across tap of a line of target pixels. */
    int sourceLine(int line, int acrossTap) {
        return across.origin() + line * across.sourceStep() + acrossTap;
    }

    /**
     * Packs one slot.
     *
     * @param source address of the block's first vector of these lanes
     * @param sourceLine the line, inside or not
     * @param firstPixel first target pixel of the tile, along the line
     * @param pixels pixels of the tile
     * @param firstChannel first source channel of the range
     * @param channels channels of the range
     * @param slot address of the slot
     */
    void pack(long source, int sourceLine, int firstPixel, int pixels, int firstChannel, int channels, long slot) {
        boolean inside = hasLine(sourceLine);
        long line = source + ((long) sourceLine * across.sourcePixels()) * pixelBytes + firstChannel * laneBytes;
        int first = along.origin() + firstPixel * along.sourceStep();
        int positions = positionsPerPhase - cut.pixels() + pixels;
        for (int phase = 0; phase < phases; phase++) {
            long to = slot + phase * positionsPerPhase * positionBytes;
            for (int position = 0; position < positions; position++) {
                int at = first + position * along.sourceStep() + phase;
                if (!inside || at < 0 || at >= along.sourceSize()) {
                    if (cut.vectors() == 2) {
                        clearPairs(channels, to, channelBytes);
                    } else {
                        clear(channels, to, channelBytes);
                    }
                } else {
                    long from = line + (long) at * along.sourcePixels() * pixelBytes;
                    if (cut.vectors() == 2) {
                        copyPairs(channels, from, laneBytes, to, channelBytes);
                    } else {
                        copy(channels, from, laneBytes, to, channelBytes);
                    }
                }
                to += positionBytes;
            }
        }
    }

    private static void copy(int count, long from, long fromStep, long to, long toStep) {
        for (int i = 0; i < count; i++) {
            fromMemorySegment(SPECIES, MEMORY, from, ORDER).intoMemorySegment(MEMORY, to, ORDER);
            from += fromStep;
            to += toStep;
        }
    }

    private static void copyPairs(int count, long from, long fromStep, long to, long toStep) {
        for (int i = 0; i < count; i++) {
            FloatVector first = fromMemorySegment(SPECIES, MEMORY, from, ORDER);
            FloatVector second = fromMemorySegment(SPECIES, MEMORY, from + VECTOR_BYTES, ORDER);
            first.intoMemorySegment(MEMORY, to, ORDER);
            second.intoMemorySegment(MEMORY, to + VECTOR_BYTES, ORDER);
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

    private static void clearPairs(int count, long to, long toStep) {
        for (int i = 0; i < count; i++) {
            FloatVector.zero(SPECIES).intoMemorySegment(MEMORY, to, ORDER);
            FloatVector.zero(SPECIES).intoMemorySegment(MEMORY, to + VECTOR_BYTES, ORDER);
            to += toStep;
        }
    }
}
