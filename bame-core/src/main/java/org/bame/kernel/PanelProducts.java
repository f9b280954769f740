package org.bame.kernel;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.SPECIES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import java.lang.foreign.Arena;
import jdk.incubator.vector.FloatVector;

/**
 * Products of matrices whose numbers are vectors of images. A matrix lies in panels of four rows: {@code [row / 4][column]
 * [row % 4]}, missing rows of the last panel zero. The product of rows of A and rows of B, {@code c[b][a] = sum over
 * columns of B[b][column] * A[a][column]}, is such a matrix again; so is every operand of attention, packed once with its
 * rows or its columns as rows.
 *
 * <p>Roofline: a column of a tile is 8 loads and 16 multiply-adds. A core that does two of each a cycle is bound by
 * arithmetic as long as half the loads come from L1; they do for the panel of A, which is used for all panels of B, and
 * for up to four of those.
 */
final class PanelProducts {
    /** Rows of a panel. */
    static final int ROWS = 4;

    /** Bytes of a column of a panel. */
    static final long COLUMN_BYTES = (long) ROWS * VECTOR_BYTES;

    /** Bytes of a tile of 4 x 4 vectors. */
    private static final long TILE_BYTES = ROWS * COLUMN_BYTES;

    /** Columns of a panel that fill a quarter of a small L1 cache. */
    private static final int DEPTH = (int) (8192 / COLUMN_BYTES);

    /** Where a tile starts that adds to nothing. */
    private static final long ZERO_TILE = Arena.global().allocate(TILE_BYTES, VECTOR_BYTES).address();

    private PanelProducts() {}

    /** Panels of so many rows. */
    static int panels(int rows) {
        return (rows + ROWS - 1) / ROWS;
    }

    /** {@code c = B A^T}. */
    static void multiply(
            long a, int aPanels, long aStep, long b, int bPanels, long bStep, int columns, long c, long cStep) {
        run(a, aPanels, aStep, b, bPanels, bStep, columns, false, c, cStep);
    }

    /**
     * {@code c = c + B A^T}.
     *
     * @param a first panel of A
     * @param aPanels panels of A, of 4 columns of c each
     * @param aStep bytes from panel to panel
     * @param b first panel of B
     * @param bPanels panels of B, and of c
     * @param columns length of the sums
     */
    static void multiplyAdd(
            long a, int aPanels, long aStep, long b, int bPanels, long bStep, int columns, long c, long cStep) {
        run(a, aPanels, aStep, b, bPanels, bStep, columns, true, c, cStep);
    }

    private static void run(
            long a, int aPanels, long aStep, long b, int bPanels, long bStep, int columns, boolean add, long c,
            long cStep) {
        for (int first = 0; first < columns; first += DEPTH) {
            int depth = Math.min(DEPTH, columns - first);
            boolean fresh = first == 0 && !add;
            long skip = first * COLUMN_BYTES;
            for (int i = 0; i < aPanels; i++) {
                for (int j = 0; j < bPanels; j++) {
                    long to = c + j * cStep + i * TILE_BYTES;
                    tile(a + i * aStep + skip, b + j * bStep + skip, depth, fresh ? ZERO_TILE : to, to);
                }
            }
        }
    }

    private static void tile(long a, long b, int depth, long start, long c) {
        FloatVector c00 = fromMemorySegment(SPECIES, MEMORY, start, ORDER);
        FloatVector c01 = fromMemorySegment(SPECIES, MEMORY, start + VECTOR_BYTES, ORDER);
        FloatVector c02 = fromMemorySegment(SPECIES, MEMORY, start + 2 * VECTOR_BYTES, ORDER);
        FloatVector c03 = fromMemorySegment(SPECIES, MEMORY, start + 3 * VECTOR_BYTES, ORDER);
        FloatVector c10 = fromMemorySegment(SPECIES, MEMORY, start + 4 * VECTOR_BYTES, ORDER);
        FloatVector c11 = fromMemorySegment(SPECIES, MEMORY, start + 5 * VECTOR_BYTES, ORDER);
        FloatVector c12 = fromMemorySegment(SPECIES, MEMORY, start + 6 * VECTOR_BYTES, ORDER);
        FloatVector c13 = fromMemorySegment(SPECIES, MEMORY, start + 7 * VECTOR_BYTES, ORDER);
        FloatVector c20 = fromMemorySegment(SPECIES, MEMORY, start + 8 * VECTOR_BYTES, ORDER);
        FloatVector c21 = fromMemorySegment(SPECIES, MEMORY, start + 9 * VECTOR_BYTES, ORDER);
        FloatVector c22 = fromMemorySegment(SPECIES, MEMORY, start + 10 * VECTOR_BYTES, ORDER);
        FloatVector c23 = fromMemorySegment(SPECIES, MEMORY, start + 11 * VECTOR_BYTES, ORDER);
        FloatVector c30 = fromMemorySegment(SPECIES, MEMORY, start + 12 * VECTOR_BYTES, ORDER);
        FloatVector c31 = fromMemorySegment(SPECIES, MEMORY, start + 13 * VECTOR_BYTES, ORDER);
        FloatVector c32 = fromMemorySegment(SPECIES, MEMORY, start + 14 * VECTOR_BYTES, ORDER);
        FloatVector c33 = fromMemorySegment(SPECIES, MEMORY, start + 15 * VECTOR_BYTES, ORDER);
        for (int i = 0; i < depth; i++) {
            FloatVector b0 = fromMemorySegment(SPECIES, MEMORY, b, ORDER);
            FloatVector b1 = fromMemorySegment(SPECIES, MEMORY, b + VECTOR_BYTES, ORDER);
            FloatVector b2 = fromMemorySegment(SPECIES, MEMORY, b + 2 * VECTOR_BYTES, ORDER);
            FloatVector b3 = fromMemorySegment(SPECIES, MEMORY, b + 3 * VECTOR_BYTES, ORDER);
            FloatVector a0 = fromMemorySegment(SPECIES, MEMORY, a, ORDER);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            c03 = a0.fma(b3, c03);
            FloatVector a1 = fromMemorySegment(SPECIES, MEMORY, a + VECTOR_BYTES, ORDER);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            c13 = a1.fma(b3, c13);
            FloatVector a2 = fromMemorySegment(SPECIES, MEMORY, a + 2 * VECTOR_BYTES, ORDER);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            c22 = a2.fma(b2, c22);
            c23 = a2.fma(b3, c23);
            FloatVector a3 = fromMemorySegment(SPECIES, MEMORY, a + 3 * VECTOR_BYTES, ORDER);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            c32 = a3.fma(b2, c32);
            c33 = a3.fma(b3, c33);
            a += COLUMN_BYTES;
            b += COLUMN_BYTES;
        }
        c00.intoMemorySegment(MEMORY, c, ORDER);
        c01.intoMemorySegment(MEMORY, c + VECTOR_BYTES, ORDER);
        c02.intoMemorySegment(MEMORY, c + 2 * VECTOR_BYTES, ORDER);
        c03.intoMemorySegment(MEMORY, c + 3 * VECTOR_BYTES, ORDER);
        c10.intoMemorySegment(MEMORY, c + 4 * VECTOR_BYTES, ORDER);
        c11.intoMemorySegment(MEMORY, c + 5 * VECTOR_BYTES, ORDER);
        c12.intoMemorySegment(MEMORY, c + 6 * VECTOR_BYTES, ORDER);
        c13.intoMemorySegment(MEMORY, c + 7 * VECTOR_BYTES, ORDER);
        c20.intoMemorySegment(MEMORY, c + 8 * VECTOR_BYTES, ORDER);
        c21.intoMemorySegment(MEMORY, c + 9 * VECTOR_BYTES, ORDER);
        c22.intoMemorySegment(MEMORY, c + 10 * VECTOR_BYTES, ORDER);
        c23.intoMemorySegment(MEMORY, c + 11 * VECTOR_BYTES, ORDER);
        c30.intoMemorySegment(MEMORY, c + 12 * VECTOR_BYTES, ORDER);
        c31.intoMemorySegment(MEMORY, c + 13 * VECTOR_BYTES, ORDER);
        c32.intoMemorySegment(MEMORY, c + 14 * VECTOR_BYTES, ORDER);
        c33.intoMemorySegment(MEMORY, c + 15 * VECTOR_BYTES, ORDER);
    }
}
