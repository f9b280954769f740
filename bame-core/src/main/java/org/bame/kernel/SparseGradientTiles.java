package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.SPECIES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import jdk.incubator.vector.FloatVector;

/**
 * Innermost loops of the sparse weight gradient: dY stays in registers while a row's list passes by, each entry with one
 * vector of partial sums in memory. Two chains of multiply-adds an entry hide their latency.
 */
final class SparseGradientTiles {
    private SparseGradientTiles() {}

    /** 6 pixels of 2 vectors. */
    static long scatter6x2(SparseTiles.Rows t, long x, long xStep, long dy, long dyStep, long sums) {
        int[] pointers = t.pointers;
        long list = t.list;
        long entries = 0;
        long xStep2 = 2 * xStep;
        long xStep3 = 3 * xStep;
        long xStep4 = 4 * xStep;
        long xStep5 = 5 * xStep;
        long dyStep2 = 2 * dyStep;
        long dyStep3 = 3 * dyStep;
        long dyStep4 = 4 * dyStep;
        long dyStep5 = 5 * dyStep;
        for (int row = t.firstRow; row < t.endRow; row++) {
            int from = pointers[t.fromPointer + row * t.pointersPerRow];
            int to = pointers[t.toPointer + row * t.pointersPerRow];
            entries += to - from;
            FloatVector d00 = fromMemorySegment(SPECIES, MEMORY, dy, ORDER);
            FloatVector d01 = fromMemorySegment(SPECIES, MEMORY, dy + VECTOR_BYTES, ORDER);
            FloatVector d10 = fromMemorySegment(SPECIES, MEMORY, dy + dyStep, ORDER);
            FloatVector d11 = fromMemorySegment(SPECIES, MEMORY, dy + dyStep + VECTOR_BYTES, ORDER);
            FloatVector d20 = fromMemorySegment(SPECIES, MEMORY, dy + dyStep2, ORDER);
            FloatVector d21 = fromMemorySegment(SPECIES, MEMORY, dy + dyStep2 + VECTOR_BYTES, ORDER);
            FloatVector d30 = fromMemorySegment(SPECIES, MEMORY, dy + dyStep3, ORDER);
            FloatVector d31 = fromMemorySegment(SPECIES, MEMORY, dy + dyStep3 + VECTOR_BYTES, ORDER);
            FloatVector d40 = fromMemorySegment(SPECIES, MEMORY, dy + dyStep4, ORDER);
            FloatVector d41 = fromMemorySegment(SPECIES, MEMORY, dy + dyStep4 + VECTOR_BYTES, ORDER);
            FloatVector d50 = fromMemorySegment(SPECIES, MEMORY, dy + dyStep5, ORDER);
            FloatVector d51 = fromMemorySegment(SPECIES, MEMORY, dy + dyStep5 + VECTOR_BYTES, ORDER);
            for (int i = from; i < to; i++) {
                long at = x + MEMORY.get(JAVA_INT_UNALIGNED, list + ((long) i << 3));
                long sum = sums + (long) i * VECTOR_BYTES;
                FloatVector even = fromMemorySegment(SPECIES, MEMORY, at, ORDER).fma(d00, fromMemorySegment(SPECIES,
                        MEMORY, sum, ORDER));
                FloatVector odd = fromMemorySegment(SPECIES, MEMORY, at + VECTOR_BYTES, ORDER).mul(d01);
                even = fromMemorySegment(SPECIES, MEMORY, at + xStep, ORDER).fma(d10, even);
                odd = fromMemorySegment(SPECIES, MEMORY, at + xStep + VECTOR_BYTES, ORDER).fma(d11, odd);
                even = fromMemorySegment(SPECIES, MEMORY, at + xStep2, ORDER).fma(d20, even);
                odd = fromMemorySegment(SPECIES, MEMORY, at + xStep2 + VECTOR_BYTES, ORDER).fma(d21, odd);
                even = fromMemorySegment(SPECIES, MEMORY, at + xStep3, ORDER).fma(d30, even);
                odd = fromMemorySegment(SPECIES, MEMORY, at + xStep3 + VECTOR_BYTES, ORDER).fma(d31, odd);
                even = fromMemorySegment(SPECIES, MEMORY, at + xStep4, ORDER).fma(d40, even);
                odd = fromMemorySegment(SPECIES, MEMORY, at + xStep4 + VECTOR_BYTES, ORDER).fma(d41, odd);
                even = fromMemorySegment(SPECIES, MEMORY, at + xStep5, ORDER).fma(d50, even);
                odd = fromMemorySegment(SPECIES, MEMORY, at + xStep5 + VECTOR_BYTES, ORDER).fma(d51, odd);
                even.add(odd).intoMemorySegment(MEMORY, sum, ORDER);
            }
            dy += t.laneBytes;
        }
        return entries;
    }

    /** 4 pixels of 2 vectors. */
    static long scatter4x2(SparseTiles.Rows t, long x, long xStep, long dy, long dyStep, long sums) {
        int[] pointers = t.pointers;
        long list = t.list;
        long entries = 0;
        long xStep2 = 2 * xStep;
        long xStep3 = 3 * xStep;
        long dyStep2 = 2 * dyStep;
        long dyStep3 = 3 * dyStep;
        for (int row = t.firstRow; row < t.endRow; row++) {
            int from = pointers[t.fromPointer + row * t.pointersPerRow];
            int to = pointers[t.toPointer + row * t.pointersPerRow];
            entries += to - from;
            FloatVector d00 = fromMemorySegment(SPECIES, MEMORY, dy, ORDER);
            FloatVector d01 = fromMemorySegment(SPECIES, MEMORY, dy + VECTOR_BYTES, ORDER);
            FloatVector d10 = fromMemorySegment(SPECIES, MEMORY, dy + dyStep, ORDER);
            FloatVector d11 = fromMemorySegment(SPECIES, MEMORY, dy + dyStep + VECTOR_BYTES, ORDER);
            FloatVector d20 = fromMemorySegment(SPECIES, MEMORY, dy + dyStep2, ORDER);
            FloatVector d21 = fromMemorySegment(SPECIES, MEMORY, dy + dyStep2 + VECTOR_BYTES, ORDER);
            FloatVector d30 = fromMemorySegment(SPECIES, MEMORY, dy + dyStep3, ORDER);
            FloatVector d31 = fromMemorySegment(SPECIES, MEMORY, dy + dyStep3 + VECTOR_BYTES, ORDER);
            for (int i = from; i < to; i++) {
                long at = x + MEMORY.get(JAVA_INT_UNALIGNED, list + ((long) i << 3));
                long sum = sums + (long) i * VECTOR_BYTES;
                FloatVector even = fromMemorySegment(SPECIES, MEMORY, at, ORDER).fma(d00, fromMemorySegment(SPECIES,
                        MEMORY, sum, ORDER));
                FloatVector odd = fromMemorySegment(SPECIES, MEMORY, at + VECTOR_BYTES, ORDER).mul(d01);
                even = fromMemorySegment(SPECIES, MEMORY, at + xStep, ORDER).fma(d10, even);
                odd = fromMemorySegment(SPECIES, MEMORY, at + xStep + VECTOR_BYTES, ORDER).fma(d11, odd);
                even = fromMemorySegment(SPECIES, MEMORY, at + xStep2, ORDER).fma(d20, even);
                odd = fromMemorySegment(SPECIES, MEMORY, at + xStep2 + VECTOR_BYTES, ORDER).fma(d21, odd);
                even = fromMemorySegment(SPECIES, MEMORY, at + xStep3, ORDER).fma(d30, even);
                odd = fromMemorySegment(SPECIES, MEMORY, at + xStep3 + VECTOR_BYTES, ORDER).fma(d31, odd);
                even.add(odd).intoMemorySegment(MEMORY, sum, ORDER);
            }
            dy += t.laneBytes;
        }
        return entries;
    }

    /** 2 pixels of 2 vectors. */
    static long scatter2x2(SparseTiles.Rows t, long x, long xStep, long dy, long dyStep, long sums) {
        int[] pointers = t.pointers;
        long list = t.list;
        long entries = 0;
        for (int row = t.firstRow; row < t.endRow; row++) {
            int from = pointers[t.fromPointer + row * t.pointersPerRow];
            int to = pointers[t.toPointer + row * t.pointersPerRow];
            entries += to - from;
            FloatVector d00 = fromMemorySegment(SPECIES, MEMORY, dy, ORDER);
            FloatVector d01 = fromMemorySegment(SPECIES, MEMORY, dy + VECTOR_BYTES, ORDER);
            FloatVector d10 = fromMemorySegment(SPECIES, MEMORY, dy + dyStep, ORDER);
            FloatVector d11 = fromMemorySegment(SPECIES, MEMORY, dy + dyStep + VECTOR_BYTES, ORDER);
            for (int i = from; i < to; i++) {
                long at = x + MEMORY.get(JAVA_INT_UNALIGNED, list + ((long) i << 3));
                long sum = sums + (long) i * VECTOR_BYTES;
                FloatVector even = fromMemorySegment(SPECIES, MEMORY, at, ORDER).fma(d00, fromMemorySegment(SPECIES,
                        MEMORY, sum, ORDER));
                FloatVector odd = fromMemorySegment(SPECIES, MEMORY, at + VECTOR_BYTES, ORDER).mul(d01);
                even = fromMemorySegment(SPECIES, MEMORY, at + xStep, ORDER).fma(d10, even);
                odd = fromMemorySegment(SPECIES, MEMORY, at + xStep + VECTOR_BYTES, ORDER).fma(d11, odd);
                even.add(odd).intoMemorySegment(MEMORY, sum, ORDER);
            }
            dy += t.laneBytes;
        }
        return entries;
    }

    /** 1 pixel of 2 vectors. */
    static long scatter1x2(SparseTiles.Rows t, long x, long xStep, long dy, long dyStep, long sums) {
        int[] pointers = t.pointers;
        long list = t.list;
        long entries = 0;
        for (int row = t.firstRow; row < t.endRow; row++) {
            int from = pointers[t.fromPointer + row * t.pointersPerRow];
            int to = pointers[t.toPointer + row * t.pointersPerRow];
            entries += to - from;
            FloatVector d00 = fromMemorySegment(SPECIES, MEMORY, dy, ORDER);
            FloatVector d01 = fromMemorySegment(SPECIES, MEMORY, dy + VECTOR_BYTES, ORDER);
            for (int i = from; i < to; i++) {
                long at = x + MEMORY.get(JAVA_INT_UNALIGNED, list + ((long) i << 3));
                long sum = sums + (long) i * VECTOR_BYTES;
                FloatVector even = fromMemorySegment(SPECIES, MEMORY, at, ORDER).fma(d00, fromMemorySegment(SPECIES,
                        MEMORY, sum, ORDER));
                FloatVector odd = fromMemorySegment(SPECIES, MEMORY, at + VECTOR_BYTES, ORDER).mul(d01);
                even.add(odd).intoMemorySegment(MEMORY, sum, ORDER);
            }
            dy += t.laneBytes;
        }
        return entries;
    }

    /** 4 pixels of 1 vector. */
    static long scatter4x1(SparseTiles.Rows t, long x, long xStep, long dy, long dyStep, long sums) {
        int[] pointers = t.pointers;
        long list = t.list;
        long entries = 0;
        long xStep2 = 2 * xStep;
        long xStep3 = 3 * xStep;
        long dyStep2 = 2 * dyStep;
        long dyStep3 = 3 * dyStep;
        for (int row = t.firstRow; row < t.endRow; row++) {
            int from = pointers[t.fromPointer + row * t.pointersPerRow];
            int to = pointers[t.toPointer + row * t.pointersPerRow];
            entries += to - from;
            FloatVector d00 = fromMemorySegment(SPECIES, MEMORY, dy, ORDER);
            FloatVector d10 = fromMemorySegment(SPECIES, MEMORY, dy + dyStep, ORDER);
            FloatVector d20 = fromMemorySegment(SPECIES, MEMORY, dy + dyStep2, ORDER);
            FloatVector d30 = fromMemorySegment(SPECIES, MEMORY, dy + dyStep3, ORDER);
            for (int i = from; i < to; i++) {
                long at = x + MEMORY.get(JAVA_INT_UNALIGNED, list + ((long) i << 3));
                long sum = sums + (long) i * VECTOR_BYTES;
                FloatVector even = fromMemorySegment(SPECIES, MEMORY, at, ORDER).fma(d00, fromMemorySegment(SPECIES,
                        MEMORY, sum, ORDER));
                FloatVector odd = fromMemorySegment(SPECIES, MEMORY, at + xStep, ORDER).mul(d10);
                even = fromMemorySegment(SPECIES, MEMORY, at + xStep2, ORDER).fma(d20, even);
                odd = fromMemorySegment(SPECIES, MEMORY, at + xStep3, ORDER).fma(d30, odd);
                even.add(odd).intoMemorySegment(MEMORY, sum, ORDER);
            }
            dy += t.laneBytes;
        }
        return entries;
    }

    /** 1 pixel of 1 vector. */
    static long scatter1x1(SparseTiles.Rows t, long x, long xStep, long dy, long dyStep, long sums) {
        int[] pointers = t.pointers;
        long list = t.list;
        long entries = 0;
        for (int row = t.firstRow; row < t.endRow; row++) {
            int from = pointers[t.fromPointer + row * t.pointersPerRow];
            int to = pointers[t.toPointer + row * t.pointersPerRow];
            entries += to - from;
            FloatVector d00 = fromMemorySegment(SPECIES, MEMORY, dy, ORDER);
            for (int i = from; i < to; i++) {
                long at = x + MEMORY.get(JAVA_INT_UNALIGNED, list + ((long) i << 3));
                long sum = sums + (long) i * VECTOR_BYTES;
                fromMemorySegment(SPECIES, MEMORY, at, ORDER).fma(d00, fromMemorySegment(SPECIES, MEMORY, sum, ORDER))
                        .intoMemorySegment(MEMORY, sum, ORDER);
            }
            dy += t.laneBytes;
        }
        return entries;
    }
}
