package org.bame.kernel;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.bame.kernel.Native.LANES;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.SPECIES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * Transposes squares of {@code LANES} vectors: what lay in the lanes comes to lie in the vectors. Log2(LANES) steps exchange the
 * halves, quarters, ... of pairs of vectors (Eklundh, IEEE Trans. Computers 1972), two steps in one go over memory.
 */
final class LaneTransposition {
    /** Bytes of scratch memory that a transposition needs. */
    static final long SCRATCH_BYTES = (long) LANES * VECTOR_BYTES;

    private static final VectorShuffle<Float> LOW_HALVES = low(LANES / 2);
    private static final VectorShuffle<Float> HIGH_HALVES = high(LANES / 2);
    private static final VectorShuffle<Float> LOW_QUARTERS = low(LANES / 4);
    private static final VectorShuffle<Float> HIGH_QUARTERS = high(LANES / 4);
    private static final VectorShuffle<Float> LOW_TWOS = low(Math.max(1, LANES / 8));
    private static final VectorShuffle<Float> HIGH_TWOS = high(Math.max(1, LANES / 8));
    private static final VectorShuffle<Float> LOW_ONES = low(1);
    private static final VectorShuffle<Float> HIGH_ONES = high(1);

    private LaneTransposition() {}

    /**
     * Transposes one square.
     *
     * @param from address of the first vector
     * @param step bytes from a vector to the next
     * @param to address of the result, {@code LANES} vectors one after the other; may be {@code from} if that is packed
     * @param scratch address of {@link #SCRATCH_BYTES} that are free
     */
    static void square(long from, long step, long to, long scratch) {
        switch (LANES) {
            case 4 -> quarters(1, from, step, to);
            case 8 -> {
                quarters(2, from, step, scratch);
                ones(4, scratch, to);
            }
            case 16 -> {
                quarters(4, from, step, scratch);
                twosAndOnes(4, scratch, to);
            }
            default -> throw new IllegalStateException("No transposition of " + LANES + " lanes");
        }
    }

    /** Exchanges halves and quarters of the vectors i, i + count, i + 2 count and i + 3 count. */
    private static void quarters(int count, long from, long step, long to) {
        long apart = count * step;
        long toApart = (long) count * VECTOR_BYTES;
        for (int i = 0; i < count; i++) {
            FloatVector a = fromMemorySegment(SPECIES, MEMORY, from, ORDER);
            FloatVector b = fromMemorySegment(SPECIES, MEMORY, from + apart, ORDER);
            FloatVector c = fromMemorySegment(SPECIES, MEMORY, from + 2 * apart, ORDER);
            FloatVector d = fromMemorySegment(SPECIES, MEMORY, from + 3 * apart, ORDER);
            FloatVector ac = a.rearrange(LOW_HALVES, c);
            FloatVector ca = a.rearrange(HIGH_HALVES, c);
            FloatVector bd = b.rearrange(LOW_HALVES, d);
            FloatVector db = b.rearrange(HIGH_HALVES, d);
            ac.rearrange(LOW_QUARTERS, bd).intoMemorySegment(MEMORY, to, ORDER);
            ac.rearrange(HIGH_QUARTERS, bd).intoMemorySegment(MEMORY, to + toApart, ORDER);
            ca.rearrange(LOW_QUARTERS, db).intoMemorySegment(MEMORY, to + 2 * toApart, ORDER);
            ca.rearrange(HIGH_QUARTERS, db).intoMemorySegment(MEMORY, to + 3 * toApart, ORDER);
            from += step;
            to += VECTOR_BYTES;
        }
    }

    /** Exchanges pairs of lanes and lanes of four consecutive vectors. */
    private static void twosAndOnes(int count, long from, long to) {
        for (int i = 0; i < count; i++) {
            FloatVector a = fromMemorySegment(SPECIES, MEMORY, from, ORDER);
            FloatVector b = fromMemorySegment(SPECIES, MEMORY, from + VECTOR_BYTES, ORDER);
            FloatVector c = fromMemorySegment(SPECIES, MEMORY, from + 2 * VECTOR_BYTES, ORDER);
            FloatVector d = fromMemorySegment(SPECIES, MEMORY, from + 3 * VECTOR_BYTES, ORDER);
            FloatVector ac = a.rearrange(LOW_TWOS, c);
            FloatVector ca = a.rearrange(HIGH_TWOS, c);
            FloatVector bd = b.rearrange(LOW_TWOS, d);
            FloatVector db = b.rearrange(HIGH_TWOS, d);
            ac.rearrange(LOW_ONES, bd).intoMemorySegment(MEMORY, to, ORDER);
            ac.rearrange(HIGH_ONES, bd).intoMemorySegment(MEMORY, to + VECTOR_BYTES, ORDER);
            ca.rearrange(LOW_ONES, db).intoMemorySegment(MEMORY, to + 2 * VECTOR_BYTES, ORDER);
            ca.rearrange(HIGH_ONES, db).intoMemorySegment(MEMORY, to + 3 * VECTOR_BYTES, ORDER);
            from += 4 * VECTOR_BYTES;
            to += 4 * VECTOR_BYTES;
        }
    }

    /** Exchanges lanes of two consecutive vectors. */
    private static void ones(int count, long from, long to) {
        for (int i = 0; i < count; i++) {
            FloatVector a = fromMemorySegment(SPECIES, MEMORY, from, ORDER);
            FloatVector b = fromMemorySegment(SPECIES, MEMORY, from + VECTOR_BYTES, ORDER);
            a.rearrange(LOW_ONES, b).intoMemorySegment(MEMORY, to, ORDER);
            a.rearrange(HIGH_ONES, b).intoMemorySegment(MEMORY, to + VECTOR_BYTES, ORDER);
            from += 2 * VECTOR_BYTES;
            to += 2 * VECTOR_BYTES;
        }
    }

    /** Of two vectors: runs of {@code run} lanes, the even ones of the first, then those of the second in the odd places. */
    private static VectorShuffle<Float> low(int run) {
        return VectorShuffle.fromOp(SPECIES, lane -> (lane & run) == 0 ? lane : LANES + lane - run);
    }

    /** The same with the odd runs. */
    private static VectorShuffle<Float> high(int run) {
        return VectorShuffle.fromOp(SPECIES, lane -> (lane & run) == 0 ? lane + run : LANES + lane);
    }
}
