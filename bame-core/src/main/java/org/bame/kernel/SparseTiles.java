package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.SPECIES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import jdk.incubator.vector.FloatVector;

/**
 * Innermost loops of the sparse gather, one method for each number of pixels and vectors that fits the registers. Every
 * entry of a list costs one broadcast that feeds several fused multiply-adds, with the activations as their memory operand.
 * The accumulators are named locals because the compiler keeps nothing else in registers.
 */
final class SparseTiles {
    /** Pixels of the largest tile. */
    static final int MOST_PIXELS = 6;

    private SparseTiles() {}

    /** The target channels of a pass and where their lists lie. One instance a worker, refilled for each pass. */
    static final class Rows {
        int[] pointers;
        long list;
        int firstRow;
        int endRow;
        int fromPointer;
        int toPointer;
        int pointersPerRow;
        long laneBytes;
    }

    /** Pixels of the next tile of a run; {@code pairs} tells whether tiles take two vectors of each pixel or one. */
    static int pixels(int left, boolean pairs) {
        if (pairs && left >= MOST_PIXELS) {
            return MOST_PIXELS;
        }
        return left >= 4 ? 4 : pairs && left >= 2 ? 2 : 1;
    }

    /** 6 pixels of 2 vectors. */
    static long gather6x2(
            Rows t, long x, long xStep, long y, long yStep, long start, long startStep) {
        int[] pointers = t.pointers;
        long list = t.list;
        long entries = 0;
        long xStep2 = 2 * xStep;
        long xStep3 = 3 * xStep;
        long xStep4 = 4 * xStep;
        long xStep5 = 5 * xStep;
        long yStep2 = 2 * yStep;
        long yStep3 = 3 * yStep;
        long yStep4 = 4 * yStep;
        long yStep5 = 5 * yStep;
        long startStep2 = 2 * startStep;
        long startStep3 = 3 * startStep;
        long startStep4 = 4 * startStep;
        long startStep5 = 5 * startStep;
        long startLane = startStep == 0 ? 0 : t.laneBytes;
        for (int row = t.firstRow; row < t.endRow; row++) {
            int from = pointers[t.fromPointer + row * t.pointersPerRow];
            int to = pointers[t.toPointer + row * t.pointersPerRow];
            entries += to - from;
            FloatVector a00 = fromMemorySegment(SPECIES, MEMORY, start, ORDER);
            FloatVector a01 = fromMemorySegment(SPECIES, MEMORY, start + VECTOR_BYTES, ORDER);
            FloatVector a10 = fromMemorySegment(SPECIES, MEMORY, start + startStep, ORDER);
            FloatVector a11 = fromMemorySegment(SPECIES, MEMORY, start + startStep + VECTOR_BYTES, ORDER);
            FloatVector a20 = fromMemorySegment(SPECIES, MEMORY, start + startStep2, ORDER);
            FloatVector a21 = fromMemorySegment(SPECIES, MEMORY, start + startStep2 + VECTOR_BYTES, ORDER);
            FloatVector a30 = fromMemorySegment(SPECIES, MEMORY, start + startStep3, ORDER);
            FloatVector a31 = fromMemorySegment(SPECIES, MEMORY, start + startStep3 + VECTOR_BYTES, ORDER);
            FloatVector a40 = fromMemorySegment(SPECIES, MEMORY, start + startStep4, ORDER);
            FloatVector a41 = fromMemorySegment(SPECIES, MEMORY, start + startStep4 + VECTOR_BYTES, ORDER);
            FloatVector a50 = fromMemorySegment(SPECIES, MEMORY, start + startStep5, ORDER);
            FloatVector a51 = fromMemorySegment(SPECIES, MEMORY, start + startStep5 + VECTOR_BYTES, ORDER);
            for (int i = from; i < to; i++) {
                long entry = list + ((long) i << 3);
                long at = x + MEMORY.get(JAVA_INT_UNALIGNED, entry);
                FloatVector w = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, entry + 4));
                a00 = fromMemorySegment(SPECIES, MEMORY, at, ORDER).fma(w, a00);
                a01 = fromMemorySegment(SPECIES, MEMORY, at + VECTOR_BYTES, ORDER).fma(w, a01);
                a10 = fromMemorySegment(SPECIES, MEMORY, at + xStep, ORDER).fma(w, a10);
                a11 = fromMemorySegment(SPECIES, MEMORY, at + xStep + VECTOR_BYTES, ORDER).fma(w, a11);
                a20 = fromMemorySegment(SPECIES, MEMORY, at + xStep2, ORDER).fma(w, a20);
                a21 = fromMemorySegment(SPECIES, MEMORY, at + xStep2 + VECTOR_BYTES, ORDER).fma(w, a21);
                a30 = fromMemorySegment(SPECIES, MEMORY, at + xStep3, ORDER).fma(w, a30);
                a31 = fromMemorySegment(SPECIES, MEMORY, at + xStep3 + VECTOR_BYTES, ORDER).fma(w, a31);
                a40 = fromMemorySegment(SPECIES, MEMORY, at + xStep4, ORDER).fma(w, a40);
                a41 = fromMemorySegment(SPECIES, MEMORY, at + xStep4 + VECTOR_BYTES, ORDER).fma(w, a41);
                a50 = fromMemorySegment(SPECIES, MEMORY, at + xStep5, ORDER).fma(w, a50);
                a51 = fromMemorySegment(SPECIES, MEMORY, at + xStep5 + VECTOR_BYTES, ORDER).fma(w, a51);
            }
            a00.intoMemorySegment(MEMORY, y, ORDER);
            a01.intoMemorySegment(MEMORY, y + VECTOR_BYTES, ORDER);
            a10.intoMemorySegment(MEMORY, y + yStep, ORDER);
            a11.intoMemorySegment(MEMORY, y + yStep + VECTOR_BYTES, ORDER);
            a20.intoMemorySegment(MEMORY, y + yStep2, ORDER);
            a21.intoMemorySegment(MEMORY, y + yStep2 + VECTOR_BYTES, ORDER);
            a30.intoMemorySegment(MEMORY, y + yStep3, ORDER);
            a31.intoMemorySegment(MEMORY, y + yStep3 + VECTOR_BYTES, ORDER);
            a40.intoMemorySegment(MEMORY, y + yStep4, ORDER);
            a41.intoMemorySegment(MEMORY, y + yStep4 + VECTOR_BYTES, ORDER);
            a50.intoMemorySegment(MEMORY, y + yStep5, ORDER);
            a51.intoMemorySegment(MEMORY, y + yStep5 + VECTOR_BYTES, ORDER);
            start += startLane;
            y += t.laneBytes;
        }
        return entries;
    }

    /** 4 pixels of 2 vectors. */
    static long gather4x2(
            Rows t, long x, long xStep, long y, long yStep, long start, long startStep) {
        int[] pointers = t.pointers;
        long list = t.list;
        long entries = 0;
        long xStep2 = 2 * xStep;
        long xStep3 = 3 * xStep;
        long yStep2 = 2 * yStep;
        long yStep3 = 3 * yStep;
        long startStep2 = 2 * startStep;
        long startStep3 = 3 * startStep;
        long startLane = startStep == 0 ? 0 : t.laneBytes;
        for (int row = t.firstRow; row < t.endRow; row++) {
            int from = pointers[t.fromPointer + row * t.pointersPerRow];
            int to = pointers[t.toPointer + row * t.pointersPerRow];
            entries += to - from;
            FloatVector a00 = fromMemorySegment(SPECIES, MEMORY, start, ORDER);
            FloatVector a01 = fromMemorySegment(SPECIES, MEMORY, start + VECTOR_BYTES, ORDER);
            FloatVector a10 = fromMemorySegment(SPECIES, MEMORY, start + startStep, ORDER);
            FloatVector a11 = fromMemorySegment(SPECIES, MEMORY, start + startStep + VECTOR_BYTES, ORDER);
            FloatVector a20 = fromMemorySegment(SPECIES, MEMORY, start + startStep2, ORDER);
            FloatVector a21 = fromMemorySegment(SPECIES, MEMORY, start + startStep2 + VECTOR_BYTES, ORDER);
            FloatVector a30 = fromMemorySegment(SPECIES, MEMORY, start + startStep3, ORDER);
            FloatVector a31 = fromMemorySegment(SPECIES, MEMORY, start + startStep3 + VECTOR_BYTES, ORDER);
            for (int i = from; i < to; i++) {
                long entry = list + ((long) i << 3);
                long at = x + MEMORY.get(JAVA_INT_UNALIGNED, entry);
                FloatVector w = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, entry + 4));
                a00 = fromMemorySegment(SPECIES, MEMORY, at, ORDER).fma(w, a00);
                a01 = fromMemorySegment(SPECIES, MEMORY, at + VECTOR_BYTES, ORDER).fma(w, a01);
                a10 = fromMemorySegment(SPECIES, MEMORY, at + xStep, ORDER).fma(w, a10);
                a11 = fromMemorySegment(SPECIES, MEMORY, at + xStep + VECTOR_BYTES, ORDER).fma(w, a11);
                a20 = fromMemorySegment(SPECIES, MEMORY, at + xStep2, ORDER).fma(w, a20);
                a21 = fromMemorySegment(SPECIES, MEMORY, at + xStep2 + VECTOR_BYTES, ORDER).fma(w, a21);
                a30 = fromMemorySegment(SPECIES, MEMORY, at + xStep3, ORDER).fma(w, a30);
                a31 = fromMemorySegment(SPECIES, MEMORY, at + xStep3 + VECTOR_BYTES, ORDER).fma(w, a31);
            }
            a00.intoMemorySegment(MEMORY, y, ORDER);
            a01.intoMemorySegment(MEMORY, y + VECTOR_BYTES, ORDER);
            a10.intoMemorySegment(MEMORY, y + yStep, ORDER);
            a11.intoMemorySegment(MEMORY, y + yStep + VECTOR_BYTES, ORDER);
            a20.intoMemorySegment(MEMORY, y + yStep2, ORDER);
            a21.intoMemorySegment(MEMORY, y + yStep2 + VECTOR_BYTES, ORDER);
            a30.intoMemorySegment(MEMORY, y + yStep3, ORDER);
            a31.intoMemorySegment(MEMORY, y + yStep3 + VECTOR_BYTES, ORDER);
            start += startLane;
            y += t.laneBytes;
        }
        return entries;
    }

    /** 2 pixels of 2 vectors. */
    static long gather2x2(
            Rows t, long x, long xStep, long y, long yStep, long start, long startStep) {
        int[] pointers = t.pointers;
        long list = t.list;
        long entries = 0;
        long startLane = startStep == 0 ? 0 : t.laneBytes;
        for (int row = t.firstRow; row < t.endRow; row++) {
            int from = pointers[t.fromPointer + row * t.pointersPerRow];
            int to = pointers[t.toPointer + row * t.pointersPerRow];
            entries += to - from;
            FloatVector a00 = fromMemorySegment(SPECIES, MEMORY, start, ORDER);
            FloatVector a01 = fromMemorySegment(SPECIES, MEMORY, start + VECTOR_BYTES, ORDER);
            FloatVector a10 = fromMemorySegment(SPECIES, MEMORY, start + startStep, ORDER);
            FloatVector a11 = fromMemorySegment(SPECIES, MEMORY, start + startStep + VECTOR_BYTES, ORDER);
            for (int i = from; i < to; i++) {
                long entry = list + ((long) i << 3);
                long at = x + MEMORY.get(JAVA_INT_UNALIGNED, entry);
                FloatVector w = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, entry + 4));
                a00 = fromMemorySegment(SPECIES, MEMORY, at, ORDER).fma(w, a00);
                a01 = fromMemorySegment(SPECIES, MEMORY, at + VECTOR_BYTES, ORDER).fma(w, a01);
                a10 = fromMemorySegment(SPECIES, MEMORY, at + xStep, ORDER).fma(w, a10);
                a11 = fromMemorySegment(SPECIES, MEMORY, at + xStep + VECTOR_BYTES, ORDER).fma(w, a11);
            }
            a00.intoMemorySegment(MEMORY, y, ORDER);
            a01.intoMemorySegment(MEMORY, y + VECTOR_BYTES, ORDER);
            a10.intoMemorySegment(MEMORY, y + yStep, ORDER);
            a11.intoMemorySegment(MEMORY, y + yStep + VECTOR_BYTES, ORDER);
            start += startLane;
            y += t.laneBytes;
        }
        return entries;
    }

    /** 1 pixel of 2 vectors. */
    static long gather1x2(
            Rows t, long x, long xStep, long y, long yStep, long start, long startStep) {
        int[] pointers = t.pointers;
        long list = t.list;
        long entries = 0;
        long startLane = startStep == 0 ? 0 : t.laneBytes;
        for (int row = t.firstRow; row < t.endRow; row++) {
            int from = pointers[t.fromPointer + row * t.pointersPerRow];
            int to = pointers[t.toPointer + row * t.pointersPerRow];
            entries += to - from;
            FloatVector a00 = fromMemorySegment(SPECIES, MEMORY, start, ORDER);
            FloatVector a01 = fromMemorySegment(SPECIES, MEMORY, start + VECTOR_BYTES, ORDER);
            for (int i = from; i < to; i++) {
                long entry = list + ((long) i << 3);
                long at = x + MEMORY.get(JAVA_INT_UNALIGNED, entry);
                FloatVector w = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, entry + 4));
                a00 = fromMemorySegment(SPECIES, MEMORY, at, ORDER).fma(w, a00);
                a01 = fromMemorySegment(SPECIES, MEMORY, at + VECTOR_BYTES, ORDER).fma(w, a01);
            }
            a00.intoMemorySegment(MEMORY, y, ORDER);
            a01.intoMemorySegment(MEMORY, y + VECTOR_BYTES, ORDER);
            start += startLane;
            y += t.laneBytes;
        }
        return entries;
    }

    /** 4 pixels of 1 vector. */
    static long gather4x1(
            Rows t, long x, long xStep, long y, long yStep, long start, long startStep) {
        int[] pointers = t.pointers;
        long list = t.list;
        long entries = 0;
        long xStep2 = 2 * xStep;
        long xStep3 = 3 * xStep;
        long yStep2 = 2 * yStep;
        long yStep3 = 3 * yStep;
        long startStep2 = 2 * startStep;
        long startStep3 = 3 * startStep;
        long startLane = startStep == 0 ? 0 : t.laneBytes;
        for (int row = t.firstRow; row < t.endRow; row++) {
            int from = pointers[t.fromPointer + row * t.pointersPerRow];
            int to = pointers[t.toPointer + row * t.pointersPerRow];
            entries += to - from;
            FloatVector a00 = fromMemorySegment(SPECIES, MEMORY, start, ORDER);
            FloatVector a10 = fromMemorySegment(SPECIES, MEMORY, start + startStep, ORDER);
            FloatVector a20 = fromMemorySegment(SPECIES, MEMORY, start + startStep2, ORDER);
            FloatVector a30 = fromMemorySegment(SPECIES, MEMORY, start + startStep3, ORDER);
            for (int i = from; i < to; i++) {
                long entry = list + ((long) i << 3);
                long at = x + MEMORY.get(JAVA_INT_UNALIGNED, entry);
                FloatVector w = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, entry + 4));
                a00 = fromMemorySegment(SPECIES, MEMORY, at, ORDER).fma(w, a00);
                a10 = fromMemorySegment(SPECIES, MEMORY, at + xStep, ORDER).fma(w, a10);
                a20 = fromMemorySegment(SPECIES, MEMORY, at + xStep2, ORDER).fma(w, a20);
                a30 = fromMemorySegment(SPECIES, MEMORY, at + xStep3, ORDER).fma(w, a30);
            }
            a00.intoMemorySegment(MEMORY, y, ORDER);
            a10.intoMemorySegment(MEMORY, y + yStep, ORDER);
            a20.intoMemorySegment(MEMORY, y + yStep2, ORDER);
            a30.intoMemorySegment(MEMORY, y + yStep3, ORDER);
            start += startLane;
            y += t.laneBytes;
        }
        return entries;
    }

    /** 1 pixel of 1 vector. */
    static long gather1x1(
            Rows t, long x, long xStep, long y, long yStep, long start, long startStep) {
        int[] pointers = t.pointers;
        long list = t.list;
        long entries = 0;
        long startLane = startStep == 0 ? 0 : t.laneBytes;
        for (int row = t.firstRow; row < t.endRow; row++) {
            int from = pointers[t.fromPointer + row * t.pointersPerRow];
            int to = pointers[t.toPointer + row * t.pointersPerRow];
            entries += to - from;
            FloatVector a00 = fromMemorySegment(SPECIES, MEMORY, start, ORDER);
            for (int i = from; i < to; i++) {
                long entry = list + ((long) i << 3);
                long at = x + MEMORY.get(JAVA_INT_UNALIGNED, entry);
                FloatVector w = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, entry + 4));
                a00 = fromMemorySegment(SPECIES, MEMORY, at, ORDER).fma(w, a00);
            }
            a00.intoMemorySegment(MEMORY, y, ORDER);
            start += startLane;
            y += t.laneBytes;
        }
        return entries;
    }
}
