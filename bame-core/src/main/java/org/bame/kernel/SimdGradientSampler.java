package org.bame.kernel;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.XOR;
import static org.bame.kernel.Native.LANES;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Kernels#sampleTwoOfFour} on vectors. Each lane sees the other three of its four by shuffles. Random numbers depend on
 * positions alone, so the cut into tasks changes nothing.
 */
final class SimdGradientSampler {
    private static final VectorSpecies<Integer> INTEGERS = SPECIES.withLanes(int.class);
    private static final VectorShuffle<Float> NEXT = VectorShuffle.fromOp(SPECIES, lane -> lane ^ 1);
    private static final VectorShuffle<Float> SECOND = VectorShuffle.fromOp(SPECIES, lane -> lane ^ 2);
    private static final VectorShuffle<Float> THIRD = VectorShuffle.fromOp(SPECIES, lane -> lane ^ 3);
    private static final int TASK_BYTES = 1 << 17;

    private final WorkerPool pool;
    private final WorkerPool.Task task = this::part;

    /** Arguments of the call in progress, for the tasks; as storages, so that their memory stays reachable. */
    private Storage source;
    private Storage target;
    private long key;
    private BatchLayout batch;
    private int rows;
    private int rowsPerTask;
    private int tasksPerBlock;

    SimdGradientSampler(WorkerPool pool) {
        this.pool = pool;
    }

    /** See {@link Kernels#sampleTwoOfFour}. */
    void sample(long newKey, FeatureShape shape, BatchLayout layout, Storage dy, Storage sampled) {
        Checks.activations("dy", dy, ElementType.FLOAT, layout, shape);
        Checks.activations("sampled", sampled, ElementType.FLOAT, layout, shape);
        source = dy;
        target = sampled;
        key = newKey;
        batch = layout;
        rows = shape.elementsPerImage();
        rowsPerTask = Math.max(1, TASK_BYTES / (layout.blockWidth() * Float.BYTES));
        tasksPerBlock = Math.ceilDiv(rows, rowsPerTask);
        pool.run(Math.multiplyExact(layout.blocks(), tasksPerBlock), task);
        source = null;
        target = null;
    }

    /** A row is a pixel and channel of a block. */
    private void part(int number, int worker) {
        int block = number / tasksPerBlock;
        int firstRow = number % tasksPerBlock * rowsPerTask;
        int count = Math.min(rowsPerTask, rows - firstRow);
        int width = batch.blockWidth();
        int sampledLanes = batch.imagesIn(block) & ~ExponentialRace.ITEM_BITS;
        long first = ((long) block * rows + firstRow) * width;
        for (int lane = 0; lane < width; lane += LANES) {
            long at = (first + lane) * Float.BYTES;
            sample(
                    source.address() + at, count, (long) width * Float.BYTES, (int) first + lane, sampledLanes - lane,
                    key, target.address() + at);
        }
    }

    /** One vector of lanes in a run of rows, of which the lanes from {@code sampledLanes} on are copied. */
    private static void sample(
            long from, int count, long rowBytes, int counter, int sampledLanes, long key, long to) {
        int low = (int) key;
        int high = (int) (key >>> Integer.SIZE);
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector one = broadcast(SPECIES, 1);
        IntVector lanes = IntVector.zero(INTEGERS).addIndex(1);
        IntVector items = lanes.and(ExponentialRace.ITEM_BITS);
        IntVector rounder = IntVector.broadcast(INTEGERS, ExponentialRace.ROUNDER_BITS);
        VectorMask<Float> sampled = lanes.compare(LT, sampledLanes).cast(SPECIES);
        for (int row = 0; row < count; row++) {
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, from + row * rowBytes, ORDER);
            FloatVector a = x.abs().add(ExponentialRace.LEAST_WEIGHT);
            int position = counter + row * (int) (rowBytes / Float.BYTES);
            IntVector h = lanes.add(position).mul(CounterRandom.COUNTER_FACTOR).add(low);
            h = h.lanewise(LSHR, 16).lanewise(XOR, h).mul(CounterRandom.FIRST_FACTOR);
            h = h.lanewise(LSHR, 13).lanewise(XOR, h).mul(CounterRandom.SECOND_FACTOR);
            h = h.lanewise(LSHR, 16).lanewise(XOR, h).add(high);
            h = h.lanewise(LSHR, 16).lanewise(XOR, h).mul(CounterRandom.FIRST_FACTOR);
            h = h.lanewise(LSHR, 13).lanewise(XOR, h).mul(CounterRandom.SECOND_FACTOR);
            h = h.lanewise(LSHR, 16).lanewise(XOR, h);
            IntVector u = h.lanewise(LSHR, ExponentialRace.UNUSED_BITS)
                    .or(ExponentialRace.ONE_BITS)
                    .reinterpretAsFloats()
                    .sub(ExponentialRace.BELOW_ONE)
                    .reinterpretAsInts();
            IntVector exponent =
                    u.sub(ExponentialRace.ROOT_HALF_BITS).lanewise(ASHR, ExpPolynomial.FRACTION_BITS);
            FloatVector minusExponent = rounder.sub(exponent).reinterpretAsFloats().sub(ExpPolynomial.ROUNDER);
            FloatVector z =
                    u.sub(exponent.lanewise(LSHL, ExpPolynomial.FRACTION_BITS)).reinterpretAsFloats().sub(one);
            FloatVector q = broadcast(SPECIES, ExponentialRace.C7)
                    .fma(z, broadcast(SPECIES, ExponentialRace.C6))
                    .fma(z, broadcast(SPECIES, ExponentialRace.C5))
                    .fma(z, broadcast(SPECIES, ExponentialRace.C4))
                    .fma(z, broadcast(SPECIES, ExponentialRace.C3))
                    .fma(z, broadcast(SPECIES, ExponentialRace.C2))
                    .fma(z, broadcast(SPECIES, ExponentialRace.C1))
                    .fma(z, broadcast(SPECIES, ExponentialRace.C0));
            FloatVector arrival = minusExponent
                    .sub(z.mul(q))
                    .div(a)
                    .reinterpretAsInts()
                    .and(~ExponentialRace.ITEM_BITS)
                    .or(items)
                    .reinterpretAsFloats();
            IntVector own = arrival.reinterpretAsInts();
            VectorMask<Integer> afterNext = arrival.rearrange(NEXT).reinterpretAsInts().compare(LT, own);
            VectorMask<Integer> afterSecond = arrival.rearrange(SECOND).reinterpretAsInts().compare(LT, own);
            VectorMask<Integer> afterThird = arrival.rearrange(THIRD).reinterpretAsInts().compare(LT, own);
            VectorMask<Integer> late = afterNext.and(afterSecond).or(afterThird.and(afterNext.or(afterSecond)));
            FloatVector others = a.rearrange(NEXT).add(a.rearrange(SECOND)).add(a.rearrange(THIRD));
            FloatVector share = a.div(others);
            FloatVector shares =
                    share.rearrange(NEXT).add(share.rearrange(SECOND)).add(share.rearrange(THIRD));
            FloatVector estimate = x.mul(a.add(others).div(a.mul(shares.add(one))));
            x.blend(estimate.blend(zero, late.cast(SPECIES)), sampled)
                    .intoMemorySegment(MEMORY, to + row * rowBytes, ORDER);
        }
    }
}
