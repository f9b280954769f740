package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The runs of a depthwise gather, and for each the list of its taps that {@link DepthwiseTiles} read. */
final class DepthwiseTaps {
    private final Correlation gather;
    private final ConvolutionShape shape;
    private final long channelBytes;

    /** Source channels that one target channel reads: the multiplier where the gather is transposed, else 1. */
    private final int sources;
    private final List<PixelRun> runs;
    private final Storage[] lists;

    DepthwiseTaps(Correlation gather, ConvolutionShape shape, BatchLayout batch) {
        this.gather = gather;
        this.shape = shape;
        this.channelBytes = (long) batch.blockWidth() * Float.BYTES;
        this.sources = gather.transposed() ? shape.outputs() / shape.input().channels() : 1;
        this.runs = PixelRun.of(gather);
        this.lists = new Storage[runs.size()];
        Map<List<Integer>, Storage> known = new HashMap<>();
        for (int i = 0; i < lists.length; i++) {
            PixelRun run = runs.get(i);
            List<Integer> taps = List.of(run.firstAcross(), run.endAcross(), run.firstAlong(), run.endAlong());
            lists[i] = known.computeIfAbsent(taps, key -> list(run));
        }
    }

    /** The pixels. */
    List<PixelRun> runs() {
        return runs;
    }

    /** Address of the list of run {@code index}. */
    long address(int index) {
        return lists[index].address();
    }

    /** Entries of the list of run {@code index}. */
    int count(int index) {
        return runs.get(index).taps() * sources;
    }

    private Storage list(PixelRun run) {
        // Two 32-bit integers an entry.
        Storage list = Storage.allocate(ElementType.FLOAT, 2L * run.taps() * sources);
        int entry = 0;
        for (int across = run.firstAcross(); across < run.endAcross(); across++) {
            for (int along = run.firstAlong(); along < run.endAlong(); along++) {
                int pixel = across * gather.across().sourcePixels() + along * gather.along().sourcePixels();
                for (int source = 0; source < sources; source++) {
                    long channel = (long) pixel * gather.channels() + source;
                    int weight = gather.weight(shape.weights(), source, across, along);
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
