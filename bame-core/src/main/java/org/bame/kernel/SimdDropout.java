package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.XOR;
import static org.bame.kernel.Native.LANES;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.SPECIES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/** Dropout and drop-path on vectors. Random numbers depend on positions alone, so the cut into tasks changes nothing. */
final class SimdDropout {
    private static final VectorSpecies<Integer> INTEGERS = SPECIES.withLanes(int.class);
    private static final int TASK_BYTES = 1 << 17;

    private final WorkerPool pool;
    private final WorkerPool.Task dropoutTask = this::dropoutPart;
    private final WorkerPool.Task dropPathTask = this::dropPathPart;

    /** Arguments of the call in progress, for the tasks; as storages, so that their memory stays reachable. */
    private Storage source;
    private Storage target;
    private long key;
    private int threshold;
    private float scale;
    private BatchLayout batch;
    private int channels;
    private int rows;
    private int rowsPerTask;

    /** Factor of every image, padding included; grows. */
    private Storage factors = Storage.allocate(ElementType.FLOAT, LANES);

    SimdDropout(WorkerPool pool) {
        this.pool = pool;
    }

    /** See {@link Kernels#dropout}. */
    void dropout(long key, double probability, Storage x, Storage y) {
        begin(key, probability, x, y);
        Checks.storage("x", x, ElementType.FLOAT, x.size());
        Checks.storage("y", y, ElementType.FLOAT, x.size());
        pool.run(Math.toIntExact(Math.ceilDiv(x.size() * Float.BYTES, TASK_BYTES)), dropoutTask);
        end();
    }

    /** See {@link Kernels#dropPath}. */
    void dropPath(long key, double probability, FeatureShape shape, BatchLayout batch, Storage x, Storage y) {
        Checks.activations("x", x, ElementType.FLOAT, batch, shape);
        Checks.activations("y", y, ElementType.FLOAT, batch, shape);
        begin(key, probability, x, y);
        this.batch = batch;
        channels = shape.channels();
        rows = Math.multiplyExact(batch.blocks(), shape.pixels());
        rowsPerTask = Math.max(1, TASK_BYTES / (channels * batch.blockWidth() * Float.BYTES));
        chooseFactors();
        pool.run(Math.ceilDiv(rows, rowsPerTask), dropPathTask);
        end();
    }

    private void begin(long newKey, double probability, Storage x, Storage y) {
        key = newKey;
        threshold = CounterRandom.threshold(probability);
        scale = (float) (1 / (1 - probability));
        source = x;
        target = y;
    }

    private void end() {
        source = null;
        target = null;
    }

    private void chooseFactors() {
        int places = batch.blocks() * batch.blockWidth();
        if (factors.size() < places) {
            factors = Storage.allocate(ElementType.FLOAT, places);
        }
        for (int image = 0; image < places; image++) {
            boolean kept = image < batch.images() && CounterRandom.spares(key, image, threshold);
            factors.set(image, kept ? scale : 0);
        }
    }

    private void dropoutPart(int task, int worker) {
        long first = (long) task * TASK_BYTES;
        long bytes = Math.min(TASK_BYTES, source.size() * Float.BYTES - first);
        long vectors = bytes / VECTOR_BYTES * VECTOR_BYTES;
        int counter = (int) (first / Float.BYTES);
        drop(source.address() + first, vectors, counter, key, threshold, scale, target.address() + first);
        for (long at = first + vectors; at < first + bytes; at += Float.BYTES) {
            float value = MEMORY.get(JAVA_FLOAT_UNALIGNED, source.address() + at);
            boolean kept = CounterRandom.spares(key, (int) (at / Float.BYTES), threshold);
            MEMORY.set(JAVA_FLOAT_UNALIGNED, target.address() + at, kept ? value * scale : 0);
        }
    }

    /** A row is a pixel of a block. */
    private void dropPathPart(int task, int worker) {
        long laneBytes = (long) batch.blockWidth() * Float.BYTES;
        int pixels = rows / batch.blocks();
        int end = Math.min(rows, (task + 1) * rowsPerTask);
        for (int row = task * rowsPerTask; row < end; row++) {
            long at = row * channels * laneBytes;
            long factor = factors.address() + row / pixels * laneBytes;
            for (long part = 0; part < laneBytes; part += VECTOR_BYTES) {
                scale(source.address() + at + part, factor + part, channels, laneBytes, target.address() + at + part);
            }
        }
    }

    private static void drop(long from, long bytes, int counter, long key, int threshold, float scale, long to) {
        int low = (int) key;
        int high = (int) (key >>> Integer.SIZE);
        IntVector counters = IntVector.zero(INTEGERS).addIndex(1).add(counter);
        IntVector zero = IntVector.zero(INTEGERS);
        for (long i = 0; i < bytes; i += VECTOR_BYTES) {
            IntVector h = counters.add((int) (i / Float.BYTES)).mul(CounterRandom.COUNTER_FACTOR).add(low);
            h = h.lanewise(LSHR, 16).lanewise(XOR, h).mul(CounterRandom.FIRST_FACTOR);
            h = h.lanewise(LSHR, 13).lanewise(XOR, h).mul(CounterRandom.SECOND_FACTOR);
            h = h.lanewise(LSHR, 16).lanewise(XOR, h).add(high);
            h = h.lanewise(LSHR, 16).lanewise(XOR, h).mul(CounterRandom.FIRST_FACTOR);
            h = h.lanewise(LSHR, 13).lanewise(XOR, h).mul(CounterRandom.SECOND_FACTOR);
            h = h.lanewise(LSHR, 16).lanewise(XOR, h).lanewise(LSHR, Integer.SIZE - CounterRandom.PROBABILITY_BITS);
            IntVector value = fromMemorySegment(SPECIES, MEMORY, from + i, ORDER).mul(scale).reinterpretAsInts();
            zero.blend(value, h.compare(GE, threshold)).reinterpretAsFloats().intoMemorySegment(MEMORY, to + i, ORDER);
        }
    }

    private static void scale(long from, long factor, int count, long step, long to) {
        FloatVector factors = fromMemorySegment(SPECIES, MEMORY, factor, ORDER);
        for (int i = 0; i < count; i++) {
            fromMemorySegment(SPECIES, MEMORY, from + i * step, ORDER)
                    .mul(factors)
                    .intoMemorySegment(MEMORY, to + i * step, ORDER);
        }
    }
}
