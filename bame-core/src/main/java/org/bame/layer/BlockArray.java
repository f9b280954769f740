package org.bame.layer;

import java.lang.foreign.MemorySegment;
import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.cpu.nativecpu.NDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An activation tensor, or its gradient, in the block layout of the kernels, dressed as an array so that it can travel
 * through a Deeplearning4j graph. Shape {@code [blockWidth, channels, height, width, blocks]} in 'f' order; the
 * memory is 64-byte aligned and belongs to this object.
 */
@SuppressWarnings("overrides") // ND4J's own mixture of arrays and variable arguments.
final class BlockArray extends NDArray {
    private static final long serialVersionUID = 1L;

    private final transient KernelSession session;
    private final transient Storage storage;
    private final transient BlockExtents extents;

    private BlockArray(KernelSession session, Storage storage, BlockExtents extents) {
        super(buffer(storage), extents.dimensions(), extents.strides(), 0L, 'f');
        this.session = session;
        this.storage = storage;
        this.extents = extents;
    }

    /** Allocates a zeroed tensor. */
    static BlockArray allocate(KernelSession session, BlockExtents extents) {
        return new BlockArray(session, Storage.allocate(session.elementType(), extents.elements()), extents);
    }

    /**
     * What a vertex received, as blocks.
     *
     * @throws IllegalStateException if it is an ordinary array
     */
    static BlockArray of(INDArray array, String reader) {
        if (array instanceof BlockArray blocks) {
            return blocks;
        }
        throw new IllegalStateException("'" + reader + "' reads blocks, got "
                + (array == null ? "nothing" : "an ordinary array of rank " + array.rank())
                + ": put a BlockEntryVertex before the first kernel layer and a BlockExitVertex after the last");
    }

    Storage storage() {
        return storage;
    }

    BlockExtents extents() {
        return extents;
    }

    /**
     * Adds another block tensor by the session's kernels. Deeplearning4j sums the gradients of a vertex with several
     * consumers by this method; its own operation uses one thread here and does not know whose memory is free again.
     *
     * @param other null if the consumer has added its part itself
     */
    @Override
    public INDArray addi(INDArray other) {
        if (other == null) {
            return this;
        }
        if (!(other instanceof BlockArray blocks) || !blocks.extents.equals(extents)) {
            return super.addi(other);
        }
        long start = System.nanoTime();
        session.kernels().add(storage, blocks.storage);
        session.gradients().release(blocks);
        session.clocks().add(Clock.ELEMENT_WISE, System.nanoTime() - start);
        return this;
    }

    private static DataBuffer buffer(Storage storage) {
        boolean isFloat = storage.type() == ElementType.FLOAT;
        Pointer pointer = isFloat ? new FloatMemory(storage) : new DoubleMemory(storage);
        return Nd4j.createBuffer(pointer, storage.size(), isFloat ? DataType.FLOAT : DataType.DOUBLE);
    }

    /** Pointer to a storage. */
    private static final class FloatMemory extends FloatPointer {
        @SuppressWarnings("unused") // Keeps the memory alive as long as the pointer.
        private final MemorySegment owner;

        FloatMemory(Storage storage) {
            super((Pointer) null);
            owner = storage.segment();
            address = storage.address();
            limit = storage.size();
            capacity = storage.size();
        }
    }

    /** Pointer to a storage. */
    private static final class DoubleMemory extends DoublePointer {
        @SuppressWarnings("unused") // Keeps the memory alive as long as the pointer.
        private final MemorySegment owner;

        DoubleMemory(Storage storage) {
            super((Pointer) null);
            owner = storage.segment();
            address = storage.address();
            limit = storage.size();
            capacity = storage.size();
        }
    }
}
