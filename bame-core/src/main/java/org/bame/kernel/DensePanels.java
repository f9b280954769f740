package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.Arena;
import org.bame.sparsity.WeightShape;

/**
 * All weights of a gather in the order in which the dense tile reads them. A group of 4 rows shares one list of entries
 * {@code [range][column tap][row tap][channel of the range]}; an entry is the byte offset of its source channel from tap
 * (0, 0) of the window (one list for all groups) and the 4 rows' weights. Missing rows of the last group are 0.
 */
final class DensePanels {
    /** Target channels of a group: the dense tile's height. */
    static final int ROWS = 4;

    private static final int ENTRY_BYTES = ROWS * Float.BYTES;

    private final Correlation gather;
    private final Passes passes;
    private final WeightShape shape;
    private final int entries;
    private final Storage list;
    private final Storage panels;

    DensePanels(Correlation gather, Passes passes, WeightShape shape, int blockWidth, Arena arena) {
        this.gather = gather;
        this.passes = passes;
        this.shape = shape;
        this.entries = gather.columnTaps() * gather.rowTaps() * gather.channels();
        int groups = (gather.rows() + ROWS - 1) / ROWS;
        this.list = Storage.allocate(arena, ElementType.FLOAT, entries);
        this.panels = Storage.allocate(arena, ElementType.FLOAT, (long) groups * ROWS * entries);
        long channelBytes = (long) blockWidth * Float.BYTES;
        for (int columnTap = 0; columnTap < gather.columnTaps(); columnTap++) {
            for (int rowTap = 0; rowTap < gather.rowTaps(); rowTap++) {
                long pixel = (long) gather.tapOffset(columnTap, rowTap) * gather.channels();
                for (int channel = 0; channel < gather.channels(); channel++) {
                    int offset = Math.toIntExact((pixel + channel) * channelBytes);
                    long entry = entryOf(columnTap, rowTap, channel);
                    Native.MEMORY.set(JAVA_INT_UNALIGNED, list.address() + entry * Integer.BYTES, offset);
                }
            }
        }
    }

    /** Copies the weights into the panels. */
    void load(Storage weights) {
        long from = weights.address();
        for (int row = 0; row < gather.rows(); row++) {
            long to = address(row / ROWS) + (long) (row % ROWS) * Float.BYTES;
            for (int columnTap = 0; columnTap < gather.columnTaps(); columnTap++) {
                for (int rowTap = 0; rowTap < gather.rowTaps(); rowTap++) {
                    int kernelRow = gather.kernelRow(rowTap);
                    int kernelColumn = gather.kernelColumn(columnTap);
                    for (int channel = 0; channel < gather.channels(); channel++) {
                        int source = gather.transposed()
                                ? shape.index(channel, kernelRow, kernelColumn, row)
                                : shape.index(row, kernelRow, kernelColumn, channel);
                        float value = Native.MEMORY.get(JAVA_FLOAT_UNALIGNED, from + ((long) source << 2));
                        long entry = entryOf(columnTap, rowTap, channel);
                        Native.MEMORY.set(JAVA_FLOAT_UNALIGNED, to + entry * ENTRY_BYTES, value);
                    }
                }
            }
        }
    }

    private int entryOf(int columnTap, int rowTap, int channel) {
        int range = channel / passes.channelsPerPass();
        return entry(range, columnTap, rowTap) + channel - range * passes.channelsPerPass();
    }

    /** First entry of a tap in a range; for {@code rowTap} = number of row taps, the end of the last row tap. */
    int entry(int range, int columnTap, int rowTap) {
        int first = range * passes.channelsPerPass();
        int channels = Math.min(passes.channelsPerPass(), gather.channels() - first);
        return first * gather.columnTaps() * gather.rowTaps() + (columnTap * gather.rowTaps() + rowTap) * channels;
    }

    /** Address of the offsets. */
    long listAddress() {
        return list.address();
    }

    /** Address of entry 0 of a group's weights. */
    long address(int group) {
        return panels.address() + (long) group * entries * ENTRY_BYTES;
    }
}
