package org.bame.layer;

import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/** Where an array's numbers lie: the bridge from ND4J to {@link Storage}. */
final class ArrayMemory {
    private ArrayMemory() {}

    /** The element type of kernels for a data type of ND4J. */
    static ElementType elementType(DataType type) {
        return switch (type) {
            case FLOAT -> ElementType.FLOAT;
            case DOUBLE -> ElementType.DOUBLE;
            default -> throw new IllegalArgumentException(
                    "Kernels compute in FLOAT or DOUBLE, got " + type
                            + ": set dataType(DataType.FLOAT) in the configuration");
        };
    }

    /**
     * Views the memory of a dense array, which the caller keeps reachable while it is used; elements in the array's
     * own order.
     */
    static Storage storage(INDArray array) {
        ElementType type = elementType(array.dataType());
        // The buffer's address ignores the offset of a view, and every parameter is a view.
        long address = array.data().address() + array.offset() * type.bytes();
        return Storage.view(address, type, array.length());
    }

    /** The array itself if it is dense, in 'c' order and of that type; else a copy that is. */
    static INDArray rowMajor(INDArray array, DataType type) {
        INDArray typed = array.dataType() == type ? array : array.castTo(type);
        boolean dense = typed.ordering() == 'c' && Shape.hasDefaultStridesForShape(typed);
        return dense ? typed : typed.dup('c');
    }
}
