package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.bame.kernel.Native.LANES;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.SPECIES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import org.bame.sparsity.WeightShape;

/**
 * The weight gradient of all weights. Source channels lie in the lanes ({@link ChannelWindow}), each number of the other operand
 * is broadcast: a register then sums {@code LANES} weights, not one in {@code LANES} parts, so that sums are few and rarely go
 * to memory.
 *
 * <p>A task owns a range of channel groups, a range of rows and a part of the walk over blocks, stretches and lines; parts are
 * added in their order. The cut depends on shapes alone.
 */
final class DenseWeightGradient implements WorkerPool.Task {
    private static final int ENOUGH_TASKS = 16;

    /** Most rows of a tile, beside one or two vectors of channels in registers. */
    private static final int ROW_TILE = LANES == 16 ? 8 : 4;

    private final Correlation gather;
    private final WeightShape weights;
    private final GatherAddresses addresses;
    private final BatchLayout batch;
    private final WorkerPool pool;
    private final WorkerPool.Task finish = this::finish;
    private final ChannelWindow window;
    private final OuterCut cut;
    private final int taps;
    private final int groups;
    private final int rowRanges;
    private final int ranges;
    private final int parts;
    private final long partBytes;
    private final long targetRowBytes;
    private final long targetStepBytes;
    private long sums;
    private long source;
    private long target;
    private long gradient;

    /**
     * A gradient.
     *
     * @param gather source channels to target rows: the forward product, or, of a pointwise one, the input gradient
     */
    DenseWeightGradient(
            Correlation gather, WeightShape weights, GatherAddresses addresses, BatchLayout batch, WorkerPool pool) {
        this.gather = gather;
        this.weights = weights;
        this.addresses = addresses;
        this.batch = batch;
        this.pool = pool;
        this.cut = OuterCut.of(gather, batch.blockWidth());
        this.window = new ChannelWindow(gather, cut.pixels(), batch.blockWidth());
        this.taps = gather.across().taps() * gather.along().taps();
        this.groups = OuterCut.groups(gather);
        this.rowRanges = (gather.rows() + cut.rows() - 1) / cut.rows();
        this.ranges = (groups + cut.groups() - 1) / cut.groups() * rowRanges;
        this.parts = Math.min((ENOUGH_TASKS + ranges - 1) / ranges, walk());
        this.partBytes = (long) groups * taps * gather.rows() * VECTOR_BYTES;
        this.targetRowBytes = addresses.rowBytes();
        this.targetStepBytes = addresses.stepBytes();
    }

    /** Lines of all stretches of all blocks. */
    private int walk() {
        return batch.blocks() * cut.stretches(gather) * gather.across().pixels();
    }

    /**
     * Computes the gradient.
     *
     * @param from activations of the gather's source
     * @param to activations of the gather's target
     */
    void run(Storage from, Storage to, Storage weightGradient) {
        source = from.address();
        target = to.address();
        gradient = weightGradient.address();
        // The last square of a transposed gather may read past the rows.
        sums = pool.shared(parts * partBytes + LaneTransposition.SCRATCH_BYTES);
        pool.reserve(2 * LaneTransposition.SCRATCH_BYTES + window.bytes(cut.groups())
                + cut.panelBytes(gather, batch.blockWidth()));
        pool.run(ranges * parts, this);
        pool.run(groups * taps, finish);
    }

    /** Sums of a part: {@code [group][tap][row]}, a vector each. */
    private long sums(int part, int group) {
        return sums + part * partBytes + (long) group * taps * gather.rows() * VECTOR_BYTES;
    }

    @Override
    public void run(int task, int worker) {
        int range = task / parts;
        int part = task % parts;
        int firstGroup = range / rowRanges * cut.groups();
        int taskGroups = Math.min(cut.groups(), groups - firstGroup);
        int firstRow = range % rowRanges * cut.rows();
        int rows = Math.min(cut.rows(), gather.rows() - firstRow);
        long entryBytes = (long) gather.rows() * VECTOR_BYTES;
        long taskSums = sums(part, firstGroup) + (long) firstRow * VECTOR_BYTES;
        for (int entry = 0; entry < taskGroups * taps; entry++) {
            Native.clear(taskSums + entry * entryBytes, (long) rows * VECTOR_BYTES);
        }
        long scratch = pool.memory(worker);
        long ring = scratch + 2 * LaneTransposition.SCRATCH_BYTES;
        long packed = ring + window.bytes(cut.groups());
        int lines = gather.across().pixels();
        int stretches = cut.stretches(gather);
        int end = (int) ((long) walk() * (part + 1) / parts);
        int begin = (int) ((long) walk() * part / parts);
        for (int at = begin; at < end; at++) {
            int line = at % lines;
            int stretch = at / lines % stretches;
            int block = at / lines / stretches;
            int firstPixel = stretch * cut.pixels();
            int count = Math.min(cut.pixels(), gather.along().pixels() - firstPixel);
            window.pack(source + addresses.sourceBlock(block), line, at > begin && line > 0 ? line - 1 : -1, firstPixel,
                    count, firstGroup, taskGroups, ring, scratch);
            long from = target + addresses.target(block, line, firstPixel) + firstRow * targetRowBytes;
            if (cut.panel()) {
                long panelRowBytes = count * targetRowBytes;
                for (int pixel = 0; pixel < count; pixel++) {
                    copy(rows, batch.blockWidth(), from + pixel * targetStepBytes, packed + pixel * targetRowBytes,
                            panelRowBytes);
                }
                products(line, count, taskGroups, ring, rows, packed, targetRowBytes, panelRowBytes, taskSums);
            } else {
                products(line, count, taskGroups, ring, rows, from, targetStepBytes, targetRowBytes, taskSums);
            }
        }
    }

    /** Copies the images of some rows at a pixel, which lie one after the other, to a distance of {@code step}. */
    private static void copy(int rows, int images, long from, long to, long step) {
        long skip = step - (long) images * Float.BYTES;
        int left = images;
        int all = rows * images;
        for (int image = 0; image < all; image += LANES) {
            fromMemorySegment(SPECIES, MEMORY, from, ORDER).intoMemorySegment(MEMORY, to, ORDER);
            from += VECTOR_BYTES;
            to += VECTOR_BYTES;
            left -= LANES;
            if (left == 0) {
                left = images;
                to += skip;
            }
        }
    }

    /** All entries, a group under a tap each, with all rows of a task. */
    private void products(int line, int count, int taskGroups, long ring, int rows, long from, long pixelBytes,
            long rowBytes, long taskSums) {
        int entries = taskGroups * taps;
        long entryBytes = (long) gather.rows() * VECTOR_BYTES;
        long to = taskSums;
        for (int entry = 0; entry < entries; entry += 2) {
            long first = ring + offset(line, entry, taskGroups);
            long second = entry + 1 < entries ? ring + offset(line, entry + 1, taskGroups) : 0;
            rows(count, first, second, rows, from, pixelBytes, rowBytes, to, entryBytes);
            to += 2 * entryBytes;
        }
    }

    private long offset(int line, int entry, int taskGroups) {
        int tap = entry % taps;
        int alongTaps = gather.along().taps();
        return window.offset(line, tap / alongTaps, entry / taps, taskGroups, tap % alongTaps);
    }

    /** One or two entries with all rows. */
    private void rows(int count, long first, long second, int rows, long from, long pixelBytes, long rowBytes, long to,
            long entryBytes) {
        int images = batch.blockWidth();
        for (int row = 0; row < rows;) {
            int tile = Math.min(ROW_TILE, Integer.highestOneBit(rows - row));
            long at = from + row * rowBytes;
            long sum = to + (long) row * VECTOR_BYTES;
            if (second != 0) {
                ChannelTiles.pair(tile, count, images, first, second, at, pixelBytes, rowBytes, sum, sum + entryBytes);
            } else {
                ChannelTiles.single(tile, count, images, first, at, pixelBytes, rowBytes, sum);
            }
            row += tile;
        }
    }

    /** Adds the parts of an entry and writes its weights. */
    private void finish(int entry, int worker) {
        int rows = gather.rows();
        long first = sums + (long) entry * rows * VECTOR_BYTES;
        addParts(rows, parts, first, partBytes);
        int group = entry / taps;
        int channel = group * LANES;
        int present = Math.min(LANES, gather.channels() - channel);
        if (gather.transposed()) {
            long squares = pool.memory(worker);
            for (int row = 0; row < rows; row += LANES) {
                int columns = Math.min(LANES, rows - row);
                LaneTransposition.square(first, VECTOR_BYTES, squares, squares + LaneTransposition.SCRATCH_BYTES);
                store(present, columns, squares, weights.index(channel, 0, 0, row), weights.rowLength());
                first += LaneTransposition.SCRATCH_BYTES;
            }
        } else {
            int alongTaps = gather.along().taps();
            int tap = entry % taps;
            int weight = gather.weight(weights, 0, tap / alongTaps, tap % alongTaps) + channel;
            store(rows, present, first, weight, weights.rowLength());
        }
    }

    /** Writes some lanes of some vectors, that lie one after the other, to weights {@code step} apart. */
    private void store(int vectors, int lanes, long from, int weight, int step) {
        long to = gradient + (long) weight * Float.BYTES;
        long toBytes = (long) step * Float.BYTES;
        if (lanes == LANES) {
            storeWhole(vectors, from, to, toBytes);
            return;
        }
        for (int i = 0; i < vectors; i++) {
            for (int lane = 0; lane < lanes; lane++) {
                long at = (long) lane * Float.BYTES;
                MEMORY.set(JAVA_FLOAT_UNALIGNED, to + at, MEMORY.get(JAVA_FLOAT_UNALIGNED, from + at));
            }
            from += VECTOR_BYTES;
            to += toBytes;
        }
    }

    private static void storeWhole(int vectors, long from, long to, long toBytes) {
        for (int i = 0; i < vectors; i++) {
            fromMemorySegment(SPECIES, MEMORY, from, ORDER).intoMemorySegment(MEMORY, to, ORDER);
            from += VECTOR_BYTES;
            to += toBytes;
        }
    }

    /** Adds to some vectors of the first part those of all others, in their order. */
    private static void addParts(int vectors, int parts, long first, long partBytes) {
        for (int part = 1; part < parts; part++) {
            addPart(vectors, first, first + part * partBytes);
        }
    }

    private static void addPart(int vectors, long to, long from) {
        for (int i = 0; i < vectors; i++) {
            fromMemorySegment(SPECIES, MEMORY, to, ORDER)
                    .add(fromMemorySegment(SPECIES, MEMORY, from, ORDER))
                    .intoMemorySegment(MEMORY, to, ORDER);
            to += VECTOR_BYTES;
            from += VECTOR_BYTES;
        }
    }
}
