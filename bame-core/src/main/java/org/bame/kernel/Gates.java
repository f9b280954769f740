package org.bame.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Where a clamping activation was open (slope 1, not 0): one bit an activation, in the order of {@link BatchLayout}. A forward
 * pass writes it for the backward pass, which so reads a 32nd of what the activations themselves would cost.
 */
public final class Gates {
    /** Bits of a word; block widths are multiples of it. */
    private static final int WORD_BITS = BatchLayout.WIDTH_UNIT;

    private final Storage memory;
    private final long size;

    private Gates(long size) {
        this.size = size;
        this.memory = Storage.allocate(ElementType.FLOAT, (size / WORD_BITS + 1) / 2);
    }

    /** Gates for one tensor, all closed. */
    public static Gates allocate(FeatureShape shape, BatchLayout batch) {
        return new Gates(batch.elements(shape));
    }

    /** Number of activations. */
    long size() {
        return size;
    }

    /**
     * Address of the gates of a place.
     *
     * @param offset bytes from the start of the activations, in single precision; a multiple of those of 8 activations
     */
    long address(long offset) {
        return memory.address() + offset / (Byte.SIZE * Float.BYTES);
    }

    /** Whether the gate of the activation at a position is open. */
    boolean open(long index) {
        return (word(index) >>> index % WORD_BITS & 1) != 0;
    }

    void set(long index, boolean open) {
        int bit = 1 << index % WORD_BITS;
        int word = open ? word(index) | bit : word(index) & ~bit;
        memory.segment().setAtIndex(ValueLayout.JAVA_SHORT, index / WORD_BITS, (short) word);
    }

    private int word(long index) {
        MemorySegment words = memory.segment();
        return words.getAtIndex(ValueLayout.JAVA_SHORT, index / WORD_BITS);
    }
}
