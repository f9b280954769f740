package org.bame.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A run of numbers off the Java heap: what kernels read and write. Storages of our own are 64-byte aligned (a vector load
 * that crosses cache lines halves throughput); a storage that views somebody else's memory, such as a parameter array of
 * Deeplearning4j, is aligned to its element only.
 */
public final class Storage {
    /** Alignment in bytes of every storage that {@link #allocate} makes. */
    public static final int ALIGNMENT_BYTES = 64;

    private final MemorySegment segment;
    private final ElementType type;
    private final long size;

    private Storage(MemorySegment segment, ElementType type) {
        this.segment = segment;
        this.type = type;
        this.size = segment.byteSize() / type.bytes();
    }

    /**
     * Allocates zeroed memory that lives as long as the arena.
     *
     * @param size number of elements
     */
    public static Storage allocate(Arena arena, ElementType type, long size) {
        return new Storage(arena.allocate(Math.max(1, size) * type.bytes(), ALIGNMENT_BYTES), type);
    }

    /** Allocates zeroed memory that the garbage collector frees. */
    public static Storage allocate(ElementType type, long size) {
        return allocate(Arena.ofAuto(), type, size);
    }

    /**
     * Views foreign memory without owning it: the caller keeps it alive.
     *
     * @param address of the first element
     * @param size number of elements
     */
    public static Storage view(long address, ElementType type, long size) {
        return new Storage(MemorySegment.ofAddress(address).reinterpret(size * type.bytes()), type);
    }

    /** Elements {@code [from, from + count)} as a storage of their own on the same memory. */
    public Storage slice(long from, long count) {
        return new Storage(segment.asSlice(from * type.bytes(), count * type.bytes()), type);
    }

    /** Number of elements. */
    public long size() {
        return size;
    }

    /** Type of the elements. */
    public ElementType type() {
        return type;
    }

    /** Address of the first element. */
    public long address() {
        return segment.address();
    }

    /** The memory itself. */
    public MemorySegment segment() {
        return segment;
    }

    /** Element {@code index}; exact for both types. */
    public double get(long index) {
        return type == ElementType.FLOAT
                ? segment.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index)
                : segment.getAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, index);
    }

    /** Stores a value, rounded to the element type. */
    public void set(long index, double value) {
        if (type == ElementType.FLOAT) {
            segment.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index, (float) value);
        } else {
            segment.setAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, index, value);
        }
    }

    /** Sets every element. */
    public void fill(double value) {
        if (value == 0) {
            segment.fill((byte) 0);
            return;
        }
        for (long i = 0; i < size; i++) {
            set(i, value);
        }
    }

    /** Copies the other storage's elements, which must be of the same type and number. */
    public void copyFrom(Storage other) {
        if (other.type != type || other.size != size) {
            throw new IllegalArgumentException("Cannot copy " + other.size + " elements of " + other.type + " into "
                    + size + " of " + type);
        }
        segment.copyFrom(other.segment);
    }
}
