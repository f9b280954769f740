package org.bame.kernel;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.bame.sparsity.Mask;
import org.bame.sparsity.WeightShape;

/**
 * The kept weights of a mask as the lists that a gather walks: for each target channel, pass and tap the entries
 * {@code (byte offset of the source channel from tap (0, 0) of the window, weight)}, 8 bytes each. Lists are ordered
 * {@code [row][range][column tap][row tap][channel]}, so the valid taps of any pixel are a contiguous stretch and border
 * pixels need no lists of their own.
 */
final class TapLists {
    /** Bytes of an entry: a 32-bit offset and a 32-bit weight. */
    static final int ENTRY_BYTES = 8;

    private final Correlation gather;
    private final WeightShape shape;
    private final Passes passesOfMany;
    private final Passes passesOfFew;
    private final long channelBytes;
    private Passes passes;
    private int[] pointers;
    private int[] cursor;
    private int[] sources = new int[0];
    private Storage entries;
    private Mask mask;
    private long maskVersion;

    TapLists(Correlation gather, WeightShape shape, int blockWidth) {
        this.gather = gather;
        this.shape = shape;
        this.passesOfMany = Passes.masked(gather, blockWidth);
        this.passesOfFew = Passes.nearlyEmpty(gather, blockWidth);
        this.channelBytes = (long) blockWidth * Float.BYTES;
        Math.toIntExact((long) (gather.tapOffset(gather.columnTaps(), gather.rowTaps()) + 1)
                * gather.channels()
                * channelBytes);
    }

    /** The cut of the reduction that the lists are ordered by. */
    Passes passes() {
        return passes;
    }

    private void choosePasses(Mask wanted) {
        Passes chosen = wanted.density() < Passes.NEARLY_EMPTY_DENSITY ? passesOfFew : passesOfMany;
        if (!chosen.equals(passes)) {
            passes = chosen;
            pointers = new int[gather.rows() * listsPerRow() + 1];
            cursor = new int[pointers.length];
        }
    }

    private int listsPerRow() {
        return passes.ranges() * gather.columnTaps() * gather.rowTaps();
    }

    /** Whether the lists are those of this mask as it now is. */
    boolean describes(Mask other) {
        return mask == other && maskVersion == other.version();
    }

    /** Makes the lists those of a mask; does nothing if they are already. */
    void follow(Mask wanted) {
        if (describes(wanted)) {
            return;
        }
        choosePasses(wanted);
        Arrays.fill(pointers, 0);
        visit(wanted, false);
        for (int i = 1; i < pointers.length; i++) {
            pointers[i] += pointers[i - 1];
        }
        int count = pointers[pointers.length - 1];
        if (count > sources.length) {
            sources = new int[count];
            entries = Storage.allocate(ElementType.FLOAT, 2L * count);
        }
        System.arraycopy(pointers, 0, cursor, 0, pointers.length);
        visit(wanted, true);
        mask = wanted;
        maskVersion = wanted.version();
    }

    /** Counts the entries of each list (into the pointer after it), or places them. */
    private void visit(Mask wanted, boolean place) {
        for (int output = 0; output < shape.outputs(); output++) {
            for (int columnTap = 0; columnTap < gather.columnTaps(); columnTap++) {
                for (int rowTap = 0; rowTap < gather.rowTaps(); rowTap++) {
                    int from = shape.index(output, gather.kernelRow(rowTap), gather.kernelColumn(columnTap), 0);
                    int to = from + shape.inputs();
                    for (int i = wanted.nextKept(from, to); i >= 0; i = wanted.nextKept(i + 1, to)) {
                        int input = i - from;
                        int row = gather.transposed() ? input : output;
                        int channel = gather.transposed() ? output : input;
                        int list = listIndex(row, channel / passes.channelsPerPass(), columnTap, rowTap);
                        if (place) {
                            place(cursor[list]++, columnTap, rowTap, channel, i);
                        } else {
                            pointers[list + 1]++;
                        }
                    }
                }
            }
        }
    }

    private void place(int entry, int columnTap, int rowTap, int channel, int weight) {
        long offset = ((long) gather.tapOffset(columnTap, rowTap) * gather.channels() + channel) * channelBytes;
        Native.MEMORY.set(ValueLayout.JAVA_INT_UNALIGNED, address() + (long) entry * ENTRY_BYTES, (int) offset);
        sources[entry] = weight;
    }

    /** Copies the weights into the lists. */
    void load(Storage weights) {
        long from = weights.address();
        int count = entries();
        if (count == 0) {
            return;
        }
        long to = address() + Integer.BYTES;
        for (int i = 0; i < count; i++) {
            float value = Native.MEMORY.get(ValueLayout.JAVA_FLOAT_UNALIGNED, from + ((long) sources[i] << 2));
            Native.MEMORY.set(ValueLayout.JAVA_FLOAT_UNALIGNED, to + ((long) i << 3), value);
        }
    }

    private int listIndex(int row, int range, int columnTap, int rowTap) {
        return ((row * passes.ranges() + range) * gather.columnTaps() + columnTap) * gather.rowTaps() + rowTap;
    }

    /** First entry of a list; the end of list {@code (.., rowTap)} is the start of {@code (.., rowTap + 1)}. */
    int start(int row, int range, int columnTap, int rowTap) {
        return pointers[listIndex(row, range, columnTap, rowTap)];
    }

    /** Index into {@link #pointers} of a row's first list of a pass, and the step from row to row. */
    int pointerIndex(int range, int columnTap, int rowTap) {
        return listIndex(0, range, columnTap, rowTap);
    }

    int pointersPerRow() {
        return listsPerRow();
    }

    int[] pointers() {
        return pointers;
    }

    /** Entries in all. */
    int entries() {
        return pointers[pointers.length - 1];
    }

    /** Position in the weights' memory order of each entry. */
    int[] sources() {
        return sources;
    }

    /** Address of entry 0. */
    long address() {
        return entries == null ? 0 : entries.address();
    }
}
