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

    /** Writes zeros; {@code bytes} is a multiple of 4. */
    static void clear(long address, long bytes) {
        long end = address + bytes;
        long at = address;
        for (; at <= end - VECTOR_BYTES; at += VECTOR_BYTES) {
            FloatVector.zero(SPECIES).intoMemorySegment(MEMORY, at, ORDER);
        }
        for (; at < end; at += Float.BYTES) {
            MEMORY.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, 0);
        }
    }

    /** Copies vectors; {@code bytes} is a multiple of theirs. */
    static void copy(long from, long to, long bytes) {
        for (long at = 0; at < bytes; at += VECTOR_BYTES) {
            FloatVector.fromMemorySegment(SPECIES, MEMORY, from + at, ORDER).intoMemorySegment(MEMORY, to + at, ORDER);
        }
    }

    /** Copies numbers, as many as there are: none behind them is touched. */
    static void copyNumbers(long from, long to, long count) {
        long whole = count / LANES * VECTOR_BYTES;
        copy(from, to, whole);
        for (long at = whole; at < count * Float.BYTES; at += Float.BYTES) {
            MEMORY.set(ValueLayout.JAVA_FLOAT_UNALIGNED, to + at, MEMORY.get(ValueLayout.JAVA_FLOAT_UNALIGNED, from
                    + at));
        }
    }

    /** Adds numbers to others, as many as there are: none behind them is touched. */
    static void addNumbers(long from, long to, long count) {
        long at = 0;
        for (; at < count / LANES * VECTOR_BYTES; at += VECTOR_BYTES) {
            FloatVector.fromMemorySegment(SPECIES, MEMORY, to + at, ORDER)
                    .add(FloatVector.fromMemorySegment(SPECIES, MEMORY, from + at, ORDER))
                    .intoMemorySegment(MEMORY, to + at, ORDER);
        }
        for (; at < count * Float.BYTES; at += Float.BYTES) {
            MEMORY.set(ValueLayout.JAVA_FLOAT_UNALIGNED, to + at, MEMORY.get(ValueLayout.JAVA_FLOAT_UNALIGNED, to + at)
                    + MEMORY.get(ValueLayout.JAVA_FLOAT_UNALIGNED, from + at));
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
