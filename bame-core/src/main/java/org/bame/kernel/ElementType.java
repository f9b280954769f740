package org.bame.kernel;

/** Type of the numbers in a {@link Storage}. */
public enum ElementType {
    /** 32-bit floating point, the type of training. */
    FLOAT(4),
    /** 64-bit floating point, the type of gradient checks; only the scalar kernels take it. */
    DOUBLE(8);

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }
}
