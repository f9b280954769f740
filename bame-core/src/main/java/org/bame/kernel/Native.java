package org.bame.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Memory and vectors as the SIMD kernels see them. They live in a class of their own so that a provider can check the machine
 * before the Vector API is touched.
 */
final class Native {
    /**
     * All memory: kernels address it absolutely, so that the compiler drops the bounds check of every access. Arguments are
     * checked once, where a kernel is entered.
     */
    @SuppressWarnings("restricted")
    static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    /** Vector type of all kernels. */
    static final VectorSpecies<Float> SPECIES = species();

    /** Numbers in a vector. */
    static final int LANES = SPECIES.length();

    /** Bytes of a vector. */
    static final int VECTOR_BYTES = SPECIES.vectorByteSize();

    static final ByteOrder ORDER = ByteOrder.nativeOrder();

    /** Address of two vectors of zeros: where a tile starts that adds to nothing. */
    static final long ZEROS = Arena.global().allocate(2L * VECTOR_BYTES, VECTOR_BYTES).address();

    private Native() {}

    /** Writes zeros; {@code bytes} is a multiple of 8. */
    static void clear(long address, long bytes) {
        for (long at = 0; at < bytes; at += Long.BYTES) {
            MEMORY.set(ValueLayout.JAVA_LONG_UNALIGNED, address + at, 0);
        }
    }

    /** Copies vectors; {@code bytes} is a multiple of theirs. */
    static void copy(long from, long to, long bytes) {
        for (long at = 0; at < bytes; at += VECTOR_BYTES) {
            FloatVector.fromMemorySegment(SPECIES, MEMORY, from + at, ORDER).intoMemorySegment(MEMORY, to + at, ORDER);
        }
    }

    private static VectorSpecies<Float> species() {
        Integer bits = Integer.getInteger(KernelProviders.VECTOR_BITS_PROPERTY);
        if (bits == null) {
            return FloatVector.SPECIES_PREFERRED;
        }
        return VectorShape.forBitSize(bits).withLanes(float.class);
    }
}
