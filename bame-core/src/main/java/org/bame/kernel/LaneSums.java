package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static org.bame.kernel.Native.LANES;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.SPECIES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Adds up the lanes of vectors in memory, always in the same tree: {@code reduceLanes} has other bits interpreted than
 * compiled, which would make runs with one seed diverge.
 */
final class LaneSums {
    private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;

    private static final VectorMask<Float> ODD_HALVES = odd(LANES / 2);
    private static final VectorMask<Float> ODD_QUARTERS = odd(LANES / 4);
    private static final VectorMask<Float> ODD_TWOS = odd(2);
    private static final VectorMask<Float> ODD_ONES = odd(1);
    private static final VectorShuffle<Float> SWAP_HALVES = swap(LANES / 2);
    private static final VectorShuffle<Float> SWAP_QUARTERS = swap(LANES / 4);
    private static final VectorShuffle<Float> SWAP_TWOS = swap(2);
    private static final VectorShuffle<Float> SWAP_ONES = swap(1);

    private LaneSums() {}

    /** Sum of the {@link Native#LANES} numbers at an address. */
    static float sum(long address) {
        float total = 0;
        for (int lane = 0; lane < LANES; lane += 4) {
            float left = at(address, lane) + at(address, lane + 1);
            float right = at(address, lane + 2) + at(address, lane + 3);
            total += left + right;
        }
        return total;
    }

    /**
     * Adds to each of some numbers the lanes of a vector: of as many vectors at once as a vector has lanes. Each step adds two halves
     * of the lanes of two vectors, so that one vector is left of the two.
     *
     * @param vectors address of the first of the vectors, which lie one behind the other and are lost; so is memory behind them, as
     *     far as the next multiple of {@link Native#LANES} vectors
     * @param count number of vectors
     * @param sums address of the numbers; to those behind, as far as the next multiple, 0 is added
     */
    static void add(long vectors, int count, long sums) {
        int whole = (count + LANES - 1) / LANES * LANES;
        for (int i = count; i < whole; i++) {
            FloatVector.zero(SPECIES).intoMemorySegment(MEMORY, vectors + (long) i * VECTOR_BYTES, ORDER);
        }
        for (int i = 0; i < count; i += LANES) {
            switch (LANES) {
                case 4 -> foldFour(1, vectors);
                case 8 -> {
                    foldFour(2, vectors);
                    foldTwo(vectors);
                }
                case 16 -> {
                    foldFour(4, vectors);
                    foldLastFour(vectors);
                }
                default -> throw new IllegalStateException("No sums of " + LANES + " lanes");
            }
            FloatVector.fromMemorySegment(SPECIES, MEMORY, sums, ORDER)
                    .add(FloatVector.fromMemorySegment(SPECIES, MEMORY, vectors, ORDER))
                    .intoMemorySegment(MEMORY, sums, ORDER);
            vectors += (long) LANES * VECTOR_BYTES;
            sums += VECTOR_BYTES;
        }
    }

    /** Leaves in vector i the sums of halves and quarters of the vectors i, i + count, i + 2 count and i + 3 count. */
    private static void foldFour(int count, long vectors) {
        long apart = (long) count * VECTOR_BYTES;
        for (int i = 0; i < count; i++) {
            FloatVector a = FloatVector.fromMemorySegment(SPECIES, MEMORY, vectors, ORDER);
            FloatVector b = FloatVector.fromMemorySegment(SPECIES, MEMORY, vectors + apart, ORDER);
            FloatVector c = FloatVector.fromMemorySegment(SPECIES, MEMORY, vectors + 2 * apart, ORDER);
            FloatVector d = FloatVector.fromMemorySegment(SPECIES, MEMORY, vectors + 3 * apart, ORDER);
            FloatVector ac = a.blend(c, ODD_HALVES).add(c.blend(a, ODD_HALVES).rearrange(SWAP_HALVES));
            FloatVector bd = b.blend(d, ODD_HALVES).add(d.blend(b, ODD_HALVES).rearrange(SWAP_HALVES));
            ac.blend(bd, ODD_QUARTERS).add(bd.blend(ac, ODD_QUARTERS).rearrange(SWAP_QUARTERS))
                    .intoMemorySegment(MEMORY, vectors, ORDER);
            vectors += VECTOR_BYTES;
        }
    }

    /** Leaves in the first of 4 vectors of 16 lanes the sums of twos and ones. */
    private static void foldLastFour(long vectors) {
        FloatVector a = FloatVector.fromMemorySegment(SPECIES, MEMORY, vectors, ORDER);
        FloatVector b = FloatVector.fromMemorySegment(SPECIES, MEMORY, vectors + VECTOR_BYTES, ORDER);
        FloatVector c = FloatVector.fromMemorySegment(SPECIES, MEMORY, vectors + 2 * VECTOR_BYTES, ORDER);
        FloatVector d = FloatVector.fromMemorySegment(SPECIES, MEMORY, vectors + 3 * VECTOR_BYTES, ORDER);
        FloatVector ac = a.blend(c, ODD_TWOS).add(c.blend(a, ODD_TWOS).rearrange(SWAP_TWOS));
        FloatVector bd = b.blend(d, ODD_TWOS).add(d.blend(b, ODD_TWOS).rearrange(SWAP_TWOS));
        ac.blend(bd, ODD_ONES).add(bd.blend(ac, ODD_ONES).rearrange(SWAP_ONES)).intoMemorySegment(MEMORY, vectors,
                ORDER);
    }

    /** Leaves in the first of 2 vectors of 8 lanes the sums of ones. */
    private static void foldTwo(long vectors) {
        FloatVector a = FloatVector.fromMemorySegment(SPECIES, MEMORY, vectors, ORDER);
        FloatVector b = FloatVector.fromMemorySegment(SPECIES, MEMORY, vectors + VECTOR_BYTES, ORDER);
        a.blend(b, ODD_ONES).add(b.blend(a, ODD_ONES).rearrange(SWAP_ONES)).intoMemorySegment(MEMORY, vectors, ORDER);
    }

    /** Of runs of {@code run} lanes, every second. */
    private static VectorMask<Float> odd(int run) {
        boolean[] lanes = new boolean[LANES];
        for (int lane = 0; lane < LANES; lane++) {
            lanes[lane] = (lane & run) != 0;
        }
        return VectorMask.fromArray(SPECIES, lanes, 0);
    }

    /** Exchanges neighbouring runs of {@code run} lanes. */
    private static VectorShuffle<Float> swap(int run) {
        return VectorShuffle.fromOp(SPECIES, lane -> (lane ^ run) % LANES);
    }

    /**
     * Folds each of some vectors, in place, into its first four numbers.
     *
     * @param vectors address of the first
     * @param count number of vectors, one behind the other
     */
    static void fold(long vectors, int count) {
        if (LANES == 16) {
            for (int i = 0; i < count; i++) {
                long at = vectors + (long) i * VECTOR_BYTES;
                FloatVector left = FloatVector.fromMemorySegment(FOUR, MEMORY, at, ORDER)
                        .add(FloatVector.fromMemorySegment(FOUR, MEMORY, at + 16, ORDER));
                FloatVector right = FloatVector.fromMemorySegment(FOUR, MEMORY, at + 32, ORDER)
                        .add(FloatVector.fromMemorySegment(FOUR, MEMORY, at + 48, ORDER));
                left.add(right).intoMemorySegment(MEMORY, at, ORDER);
            }
        } else if (LANES == 8) {
            for (int i = 0; i < count; i++) {
                long at = vectors + (long) i * VECTOR_BYTES;
                FloatVector.fromMemorySegment(FOUR, MEMORY, at, ORDER)
                        .add(FloatVector.fromMemorySegment(FOUR, MEMORY, at + 16, ORDER))
                        .intoMemorySegment(MEMORY, at, ORDER);
            }
        }
    }

    /** Sum of a vector that {@link #fold} has folded. */
    static double sumFolded(long address) {
        return ((double) at(address, 0) + at(address, 1)) + ((double) at(address, 2) + at(address, 3));
    }

    private static float at(long address, int lane) {
        return MEMORY.get(JAVA_FLOAT_UNALIGNED, address + ((long) lane << 2));
    }
}
