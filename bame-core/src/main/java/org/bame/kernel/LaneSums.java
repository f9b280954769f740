package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static org.bame.kernel.Native.LANES;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.VECTOR_BYTES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Adds up the lanes of vectors in memory, always in the same tree: {@code reduceLanes} has other bits interpreted than
 * compiled, which would make runs with one seed diverge.
 */
final class LaneSums {
    private static final VectorSpecies<Float> FOUR = FloatVector.SPECIES_128;

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
