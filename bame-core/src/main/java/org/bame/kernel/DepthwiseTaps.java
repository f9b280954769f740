package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** For each run of a depthwise gather, the list of its valid taps that {@link DepthwiseTiles} read. */
final class DepthwiseTaps {
    private final RunGeometry gather;
    private final ConvolutionShape shape;
    private final long channelBytes;

    /** Source channels that one target channel reads: the multiplier where the gather is transposed, else 1. */
    private final int sources;
    private final Storage[] lists;
    private final int[] counts;

    DepthwiseTaps(RunGeometry gather, ConvolutionShape shape, BatchLayout batch) {
        this.gather = gather;
        this.shape = shape;
        this.channelBytes = (long) batch.blockWidth() * Float.BYTES;
        this.sources = gather.transposed() ? shape.outputs() / shape.input().channels() : 1;
        int runs = gather.runs().size();
        this.lists = new Storage[runs];
        this.counts = new int[runs];
        Map<List<Integer>, Storage> known = new HashMap<>();
        for (int i = 0; i < runs; i++) {
            RunGeometry.Run run = gather.runs().get(i);
            List<Integer> taps = List.of(run.firstColumn(), run.endColumn(), run.firstRow(), run.endRow());
            counts[i] = run.taps() * sources;
            lists[i] = known.computeIfAbsent(taps, key -> list(run));
        }
    }

    /** Address of the list of run {@code index}. */
    long address(int index) {
        return lists[index].address();
    }

    /** Entries of the list of run {@code index}. */
    int count(int index) {
        return counts[index];
    }

    private Storage list(RunGeometry.Run run) {
        // Two 32-bit integers an entry.
        Storage list = Storage.allocate(ElementType.FLOAT, 2L * run.taps() * sources);
        int entry = 0;
        for (int column = run.firstColumn(); column < run.endColumn() && !run.empty(); column++) {
            for (int row = run.firstRow(); row < run.endRow(); row++) {
                int tap = gather.kernelRow(row) * shape.kernelWidth() + gather.kernelColumn(column);
                for (int source = 0; source < sources; source++) {
                    long channel = (long) gather.tapOffset(column, row) * gather.channels() + source;
                    int weight = source * shape.weights().rowLength() + tap;
                    set(list, entry++, Math.toIntExact(channel * channelBytes), weight * Float.BYTES);
                }
            }
        }
        return list;
    }

    private static void set(Storage list, int entry, int sourceBytes, int weightBytes) {
        list.segment().setAtIndex(JAVA_INT_UNALIGNED, 2L * entry, sourceBytes);
        list.segment().setAtIndex(JAVA_INT_UNALIGNED, 2L * entry + 1, weightBytes);
    }
}
