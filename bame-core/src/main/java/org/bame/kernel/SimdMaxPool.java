package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.SPECIES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Max pooling on vectors of images. A task owns some pixels of what it writes: the forward pass goes through the taps of
 * an output pixel's window, the backward pass through the windows that hold an input pixel. So either pass writes each
 * number once, in one order whatever the number of threads.
 */
final class SimdMaxPool implements MaxPoolKernel {
    private static final int TASK_BYTES = 1 << 16;

    /** A list entry: the byte offset of a pixel in its block, and the number of the tap as a float. */
    private static final int ENTRY_BYTES = 16;

    private final PoolingShape shape;
    private final FeatureShape input;
    private final FeatureShape output;
    private final BatchLayout batch;
    private final WorkerPool pool;
    private final long pixelBytes;
    private final int pixelsPerTask;

    /** Number of the tap that won, in the order of {@code y}. */
    private final Storage winners;

    /** The list of one pixel, for every worker. */
    private final Storage lists;
    private final int mostTaps;
    private final WorkerPool.Task forwardTask = this::forwardPart;
    private final WorkerPool.Task backwardTask = this::backwardPart;

    /** Arguments of the call in progress, for the tasks; as storages, so that their memory stays reachable. */
    private Storage source;
    private Storage target;

    SimdMaxPool(PoolingShape shape, BatchLayout batch, WorkerPool pool) {
        this.shape = shape;
        this.input = shape.input();
        this.output = shape.output();
        this.batch = batch;
        this.pool = pool;
        this.pixelBytes = (long) input.channels() * batch.blockWidth() * Float.BYTES;
        this.pixelsPerTask = (int) Math.max(1, TASK_BYTES / pixelBytes);
        this.winners = Storage.allocate(ElementType.FLOAT, batch.elements(output));
        this.mostTaps = shape.window() * shape.window();
        this.lists = Storage.allocate(ElementType.FLOAT, (long) pool.threads() * mostTaps * ENTRY_BYTES / Float.BYTES);
    }

    @Override
    public void forward(Storage x, Storage y) {
        Checks.activations("x", x, ElementType.FLOAT, batch, input);
        Checks.activations("y", y, ElementType.FLOAT, batch, output);
        run(forwardTask, x, y, output);
    }

    @Override
    public void backward(Storage dy, Storage dx) {
        Checks.activations("dy", dy, ElementType.FLOAT, batch, output);
        Checks.activations("dx", dx, ElementType.FLOAT, batch, input);
        run(backwardTask, dy, dx, input);
    }

    private void run(WorkerPool.Task task, Storage from, Storage to, FeatureShape written) {
        source = from;
        target = to;
        pool.run(Math.multiplyExact(batch.blocks(), tasksPerBlock(written)), task);
        source = null;
        target = null;
    }

    private int tasksPerBlock(FeatureShape written) {
        return (written.pixels() + pixelsPerTask - 1) / pixelsPerTask;
    }

    private void forwardPart(int task, int worker) {
        int block = task / tasksPerBlock(output);
        int first = task % tasksPerBlock(output) * pixelsPerTask;
        long x = source.address() + block * input.pixels() * pixelBytes;
        long list = list(worker);
        for (int pixel = first; pixel < Math.min(output.pixels(), first + pixelsPerTask); pixel++) {
            int taps = listWindow(pixel, list);
            long at = (block * (long) output.pixels() + pixel) * pixelBytes;
            long y = target.address() + at;
            long won = winners.address() + at;
            long part = 0;
            for (; part + 4L * VECTOR_BYTES <= pixelBytes; part += 4L * VECTOR_BYTES) {
                largest4(list, taps, x + part, y + part, won + part);
            }
            for (; part < pixelBytes; part += VECTOR_BYTES) {
                largest1(list, taps, x + part, y + part, won + part);
            }
        }
    }

    private void backwardPart(int task, int worker) {
        int block = task / tasksPerBlock(input);
        int first = task % tasksPerBlock(input) * pixelsPerTask;
        long from = block * output.pixels() * pixelBytes;
        long dy = source.address() + from;
        long won = winners.address() + from;
        long list = list(worker);
        for (int pixel = first; pixel < Math.min(input.pixels(), first + pixelsPerTask); pixel++) {
            int taps = listWindows(pixel, list);
            long dx = target.address() + (block * (long) input.pixels() + pixel) * pixelBytes;
            long part = 0;
            for (; part + 4L * VECTOR_BYTES <= pixelBytes; part += 4L * VECTOR_BYTES) {
                sumWhereWon4(list, taps, dy + part, won + part, dx + part);
            }
            for (; part < pixelBytes; part += VECTOR_BYTES) {
                sumWhereWon1(list, taps, dy + part, won + part, dx + part);
            }
        }
    }

    private long list(int worker) {
        return lists.address() + (long) worker * mostTaps * ENTRY_BYTES;
    }

    /** Lists the input pixels of an output pixel's window in the order in which ties go. */
    private int listWindow(int outputPixel, long list) {
        int left = outputPixel / output.height() * shape.stride() - shape.padding();
        int top = outputPixel % output.height() * shape.stride() - shape.padding();
        int taps = 0;
        for (int row = Math.max(0, top); row < Math.min(input.height(), top + shape.window()); row++) {
            for (int column = Math.max(0, left); column < Math.min(input.width(), left + shape.window()); column++) {
                entry(list, taps++, column * input.height() + row, tap(row - top, column - left));
            }
        }
        return taps;
    }

    /** Lists the output pixels whose windows hold an input pixel, and which tap of each it is. */
    private int listWindows(int inputPixel, long list) {
        int column = inputPixel / input.height() + shape.padding();
        int row = inputPixel % input.height() + shape.padding();
        int lastColumn = Math.min(output.width() - 1, column / shape.stride());
        int lastRow = Math.min(output.height() - 1, row / shape.stride());
        int taps = 0;
        for (int r = firstWindow(row); r <= lastRow; r++) {
            for (int c = firstWindow(column); c <= lastColumn; c++) {
                entry(list, taps++, c * output.height() + r, tap(row - r * shape.stride(), column - c * shape
                        .stride()));
            }
        }
        return taps;
    }

    /** First window that holds a position counted from the edge of the padding. */
    private int firstWindow(int position) {
        return Math.max(0, Math.ceilDiv(position - shape.window() + 1, shape.stride()));
    }

    private int tap(int row, int column) {
        return row * shape.window() + column;
    }

    private void entry(long list, int index, int pixel, int tap) {
        long at = list + (long) index * ENTRY_BYTES;
        MEMORY.set(JAVA_LONG_UNALIGNED, at, pixel * pixelBytes);
        MEMORY.set(JAVA_FLOAT_UNALIGNED, at + Long.BYTES, tap);
    }

    private static void largest4(long list, int taps, long x, long y, long winners) {
        long at = x + MEMORY.get(JAVA_LONG_UNALIGNED, list);
        FloatVector best0 = fromMemorySegment(SPECIES, MEMORY, at, ORDER);
        FloatVector best1 = fromMemorySegment(SPECIES, MEMORY, at + VECTOR_BYTES, ORDER);
        FloatVector best2 = fromMemorySegment(SPECIES, MEMORY, at + 2L * VECTOR_BYTES, ORDER);
        FloatVector best3 = fromMemorySegment(SPECIES, MEMORY, at + 3L * VECTOR_BYTES, ORDER);
        FloatVector won0 = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, list + Long.BYTES));
        FloatVector won1 = won0;
        FloatVector won2 = won0;
        FloatVector won3 = won0;
        for (int i = 1; i < taps; i++) {
            long entry = list + (long) i * ENTRY_BYTES;
            at = x + MEMORY.get(JAVA_LONG_UNALIGNED, entry);
            FloatVector tap = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, entry + Long.BYTES));
            FloatVector next0 = fromMemorySegment(SPECIES, MEMORY, at, ORDER);
            FloatVector next1 = fromMemorySegment(SPECIES, MEMORY, at + VECTOR_BYTES, ORDER);
            FloatVector next2 = fromMemorySegment(SPECIES, MEMORY, at + 2L * VECTOR_BYTES, ORDER);
            FloatVector next3 = fromMemorySegment(SPECIES, MEMORY, at + 3L * VECTOR_BYTES, ORDER);
            VectorMask<Float> larger0 = next0.compare(GT, best0);
            VectorMask<Float> larger1 = next1.compare(GT, best1);
            VectorMask<Float> larger2 = next2.compare(GT, best2);
            VectorMask<Float> larger3 = next3.compare(GT, best3);
            best0 = best0.blend(next0, larger0);
            best1 = best1.blend(next1, larger1);
            best2 = best2.blend(next2, larger2);
            best3 = best3.blend(next3, larger3);
            won0 = won0.blend(tap, larger0);
            won1 = won1.blend(tap, larger1);
            won2 = won2.blend(tap, larger2);
            won3 = won3.blend(tap, larger3);
        }
        best0.intoMemorySegment(MEMORY, y, ORDER);
        best1.intoMemorySegment(MEMORY, y + VECTOR_BYTES, ORDER);
        best2.intoMemorySegment(MEMORY, y + 2L * VECTOR_BYTES, ORDER);
        best3.intoMemorySegment(MEMORY, y + 3L * VECTOR_BYTES, ORDER);
        won0.intoMemorySegment(MEMORY, winners, ORDER);
        won1.intoMemorySegment(MEMORY, winners + VECTOR_BYTES, ORDER);
        won2.intoMemorySegment(MEMORY, winners + 2L * VECTOR_BYTES, ORDER);
        won3.intoMemorySegment(MEMORY, winners + 3L * VECTOR_BYTES, ORDER);
    }

    private static void largest1(long list, int taps, long x, long y, long winners) {
        FloatVector best = fromMemorySegment(SPECIES, MEMORY, x + MEMORY.get(JAVA_LONG_UNALIGNED, list), ORDER);
        FloatVector won = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, list + Long.BYTES));
        for (int i = 1; i < taps; i++) {
            long entry = list + (long) i * ENTRY_BYTES;
            FloatVector tap = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, entry + Long.BYTES));
            FloatVector next = fromMemorySegment(SPECIES, MEMORY, x + MEMORY.get(JAVA_LONG_UNALIGNED, entry), ORDER);
            VectorMask<Float> larger = next.compare(GT, best);
            best = best.blend(next, larger);
            won = won.blend(tap, larger);
        }
        best.intoMemorySegment(MEMORY, y, ORDER);
        won.intoMemorySegment(MEMORY, winners, ORDER);
    }

    private static void sumWhereWon4(long list, int taps, long dy, long winners, long dx) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector sum0 = zero;
        FloatVector sum1 = zero;
        FloatVector sum2 = zero;
        FloatVector sum3 = zero;
        for (int i = 0; i < taps; i++) {
            long entry = list + (long) i * ENTRY_BYTES;
            long from = MEMORY.get(JAVA_LONG_UNALIGNED, entry);
            FloatVector tap = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, entry + Long.BYTES));
            long at = winners + from;
            FloatVector won0 = fromMemorySegment(SPECIES, MEMORY, at, ORDER);
            FloatVector won1 = fromMemorySegment(SPECIES, MEMORY, at + VECTOR_BYTES, ORDER);
            FloatVector won2 = fromMemorySegment(SPECIES, MEMORY, at + 2L * VECTOR_BYTES, ORDER);
            FloatVector won3 = fromMemorySegment(SPECIES, MEMORY, at + 3L * VECTOR_BYTES, ORDER);
            at = dy + from;
            FloatVector d0 = fromMemorySegment(SPECIES, MEMORY, at, ORDER);
            FloatVector d1 = fromMemorySegment(SPECIES, MEMORY, at + VECTOR_BYTES, ORDER);
            FloatVector d2 = fromMemorySegment(SPECIES, MEMORY, at + 2L * VECTOR_BYTES, ORDER);
            FloatVector d3 = fromMemorySegment(SPECIES, MEMORY, at + 3L * VECTOR_BYTES, ORDER);
            sum0 = sum0.add(zero.blend(d0, won0.compare(EQ, tap)));
            sum1 = sum1.add(zero.blend(d1, won1.compare(EQ, tap)));
            sum2 = sum2.add(zero.blend(d2, won2.compare(EQ, tap)));
            sum3 = sum3.add(zero.blend(d3, won3.compare(EQ, tap)));
        }
        sum0.intoMemorySegment(MEMORY, dx, ORDER);
        sum1.intoMemorySegment(MEMORY, dx + VECTOR_BYTES, ORDER);
        sum2.intoMemorySegment(MEMORY, dx + 2L * VECTOR_BYTES, ORDER);
        sum3.intoMemorySegment(MEMORY, dx + 3L * VECTOR_BYTES, ORDER);
    }

    private static void sumWhereWon1(long list, int taps, long dy, long winners, long dx) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector sum = zero;
        for (int i = 0; i < taps; i++) {
            long entry = list + (long) i * ENTRY_BYTES;
            long from = MEMORY.get(JAVA_LONG_UNALIGNED, entry);
            FloatVector tap = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, entry + Long.BYTES));
            FloatVector won = fromMemorySegment(SPECIES, MEMORY, winners + from, ORDER);
            FloatVector d = fromMemorySegment(SPECIES, MEMORY, dy + from, ORDER);
            sum = sum.add(zero.blend(d, won.compare(EQ, tap)));
        }
        sum.intoMemorySegment(MEMORY, dx, ORDER);
    }
}
