package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.SPECIES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/** A bias on vectors of images, {@link ElementType#FLOAT} only. */
final class SimdBias implements BiasKernel {
    private final WorkerPool pool;
    private final FeatureShape shape;
    private final BatchLayout batch;
    private final LaneMasks masks;
    private final ChannelSums sums;
    private final int widthBytes;
    private final long rowBytes;
    private final WorkerPool.Task addTask = this::addRows;
    private final WorkerPool.Task gradientTask = this::sumRows;

    /** Arguments of the call in progress, for the tasks; as storages, so that their memory stays reachable. */
    private Storage activations;
    private Storage bias;

    SimdBias(WorkerPool pool, FeatureShape shape, BatchLayout batch) {
        this.pool = pool;
        this.shape = shape;
        this.batch = batch;
        masks = new LaneMasks(batch);
        sums = new ChannelSums(pool.threads(), shape, batch, shape.channels());
        widthBytes = batch.blockWidth() * Float.BYTES;
        rowBytes = (long) shape.channels() * widthBytes;
    }

    @Override
    public void add(Storage bias, Storage y) {
        Checks.activations("y", y, ElementType.FLOAT, batch, shape);
        Checks.storage("bias", bias, ElementType.FLOAT, shape.channels());
        this.activations = y;
        this.bias = bias;
        pool.run(sums.tasks(), addTask);
    }

    @Override
    public void gradient(Storage dy, Storage dBias) {
        Checks.activations("dy", dy, ElementType.FLOAT, batch, shape);
        Checks.storage("dBias", dBias, ElementType.FLOAT, shape.channels());
        this.activations = dy;
        pool.run(sums.tasks(), gradientTask);
        for (int channel = 0; channel < shape.channels(); channel++) {
            dBias.set(channel, sums.total(channel));
        }
    }

    private void addRows(int task, int worker) {
        for (int row = sums.firstRow(task); row < sums.endRow(task); row++) {
            long at = activations.address() + row * rowBytes;
            add(at, bias.address(), shape.channels(), widthBytes, at);
        }
    }

    private void sumRows(int task, int worker) {
        long totals = sums.open(worker);
        for (int row = sums.firstRow(task); row < sums.endRow(task); row++) {
            sum(activations.address() + row * rowBytes, shape.channels(), widthBytes,
                    masks.lanes(row / shape.pixels()), totals);
        }
        sums.keep(task, worker);
    }

    /** {@code y = x + bias} of the channels of one row; {@code y} may be {@code x}. */
    static void add(long x, long bias, int channels, int widthBytes, long y) {
        for (int channel = 0; channel < channels; channel++) {
            FloatVector addend =
                    FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, bias + 4L * channel));
            for (int v = 0; v < widthBytes; v += VECTOR_BYTES) {
                FloatVector.fromMemorySegment(SPECIES, MEMORY, x + v, ORDER)
                        .add(addend)
                        .intoMemorySegment(MEMORY, y + v, ORDER);
            }
            x += widthBytes;
            y += widthBytes;
        }
    }

    /** Adds the images of each channel of one row to the channel's vector of sums. */
    static void sum(long x, int channels, int widthBytes, long mask, long sums) {
        for (int channel = 0; channel < channels; channel++) {
            FloatVector sum = FloatVector.fromMemorySegment(SPECIES, MEMORY, sums, ORDER);
            for (int v = 0; v < widthBytes; v += VECTOR_BYTES) {
                IntVector kept =
                        FloatVector.fromMemorySegment(SPECIES, MEMORY, mask + v, ORDER).reinterpretAsInts();
                FloatVector value = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + v, ORDER);
                sum = sum.add(value.reinterpretAsInts().and(kept).reinterpretAsFloats());
            }
            sum.intoMemorySegment(MEMORY, sums, ORDER);
            x += widthBytes;
            sums += VECTOR_BYTES;
        }
    }
}
