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
 * Innermost loops of the depthwise products, one channel at a time. Taps come as a list of pairs of 32-bit integers: the byte
 * offset of a source vector from tap (0, 0) of the window, and that of a weight from the channel's first.
 */
final class DepthwiseTiles {
    /** Pixels of the largest tile of a gather. */
    static final int MOST_PIXELS = 4;

    /** Bytes of a pair of a list. */
    static final int PAIR_BYTES = 2 * Integer.BYTES;

    private DepthwiseTiles() {}

    /** 4 pixels of 2 vectors; {@code start} is what they add to, zeros or {@code y} itself. */
    static void gather4x2(
            long list, int taps, long w, long x, long xStep, long y, long yStep, long start, long startStep) {
        FloatVector a00 = fromMemorySegment(SPECIES, MEMORY, start, ORDER);
        FloatVector a01 = fromMemorySegment(SPECIES, MEMORY, start + VECTOR_BYTES, ORDER);
        long start1 = start + startStep;
        FloatVector a10 = fromMemorySegment(SPECIES, MEMORY, start1, ORDER);
        FloatVector a11 = fromMemorySegment(SPECIES, MEMORY, start1 + VECTOR_BYTES, ORDER);
        long start2 = start1 + startStep;
        FloatVector a20 = fromMemorySegment(SPECIES, MEMORY, start2, ORDER);
        FloatVector a21 = fromMemorySegment(SPECIES, MEMORY, start2 + VECTOR_BYTES, ORDER);
        long start3 = start2 + startStep;
        FloatVector a30 = fromMemorySegment(SPECIES, MEMORY, start3, ORDER);
        FloatVector a31 = fromMemorySegment(SPECIES, MEMORY, start3 + VECTOR_BYTES, ORDER);
        for (int i = 0; i < taps; i++) {
            long pair = list + (long) i * PAIR_BYTES;
            long at = x + MEMORY.get(JAVA_INT_UNALIGNED, pair);
            FloatVector k = broadcast(
                    SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, w + MEMORY.get(JAVA_INT_UNALIGNED, pair + 4)));
            a00 = fromMemorySegment(SPECIES, MEMORY, at, ORDER).fma(k, a00);
            a01 = fromMemorySegment(SPECIES, MEMORY, at + VECTOR_BYTES, ORDER).fma(k, a01);
            at += xStep;
            a10 = fromMemorySegment(SPECIES, MEMORY, at, ORDER).fma(k, a10);
            a11 = fromMemorySegment(SPECIES, MEMORY, at + VECTOR_BYTES, ORDER).fma(k, a11);
            at += xStep;
            a20 = fromMemorySegment(SPECIES, MEMORY, at, ORDER).fma(k, a20);
            a21 = fromMemorySegment(SPECIES, MEMORY, at + VECTOR_BYTES, ORDER).fma(k, a21);
            at += xStep;
            a30 = fromMemorySegment(SPECIES, MEMORY, at, ORDER).fma(k, a30);
            a31 = fromMemorySegment(SPECIES, MEMORY, at + VECTOR_BYTES, ORDER).fma(k, a31);
        }
        a00.intoMemorySegment(MEMORY, y, ORDER);
        a01.intoMemorySegment(MEMORY, y + VECTOR_BYTES, ORDER);
        long to = y + yStep;
        a10.intoMemorySegment(MEMORY, to, ORDER);
        a11.intoMemorySegment(MEMORY, to + VECTOR_BYTES, ORDER);
        to += yStep;
        a20.intoMemorySegment(MEMORY, to, ORDER);
        a21.intoMemorySegment(MEMORY, to + VECTOR_BYTES, ORDER);
        to += yStep;
        a30.intoMemorySegment(MEMORY, to, ORDER);
        a31.intoMemorySegment(MEMORY, to + VECTOR_BYTES, ORDER);
    }

    /** 4 pixels of 1 vector. */
    static void gather4x1(
            long list, int taps, long w, long x, long xStep, long y, long yStep, long start, long startStep) {
        FloatVector a0 = fromMemorySegment(SPECIES, MEMORY, start, ORDER);
        FloatVector a1 = fromMemorySegment(SPECIES, MEMORY, start + startStep, ORDER);
        FloatVector a2 = fromMemorySegment(SPECIES, MEMORY, start + 2 * startStep, ORDER);
        FloatVector a3 = fromMemorySegment(SPECIES, MEMORY, start + 3 * startStep, ORDER);
        for (int i = 0; i < taps; i++) {
            long pair = list + (long) i * PAIR_BYTES;
            long at = x + MEMORY.get(JAVA_INT_UNALIGNED, pair);
            FloatVector k = broadcast(
                    SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, w + MEMORY.get(JAVA_INT_UNALIGNED, pair + 4)));
            a0 = fromMemorySegment(SPECIES, MEMORY, at, ORDER).fma(k, a0);
            a1 = fromMemorySegment(SPECIES, MEMORY, at + xStep, ORDER).fma(k, a1);
            a2 = fromMemorySegment(SPECIES, MEMORY, at + 2 * xStep, ORDER).fma(k, a2);
            a3 = fromMemorySegment(SPECIES, MEMORY, at + 3 * xStep, ORDER).fma(k, a3);
        }
        a0.intoMemorySegment(MEMORY, y, ORDER);
        a1.intoMemorySegment(MEMORY, y + yStep, ORDER);
        a2.intoMemorySegment(MEMORY, y + 2 * yStep, ORDER);
        a3.intoMemorySegment(MEMORY, y + 3 * yStep, ORDER);
    }

    /** 1 pixel of 2 vectors. */
    static void gather1x2(long list, int taps, long w, long x, long y, long start) {
        FloatVector a0 = fromMemorySegment(SPECIES, MEMORY, start, ORDER);
        FloatVector a1 = fromMemorySegment(SPECIES, MEMORY, start + VECTOR_BYTES, ORDER);
        for (int i = 0; i < taps; i++) {
            long pair = list + (long) i * PAIR_BYTES;
            long at = x + MEMORY.get(JAVA_INT_UNALIGNED, pair);
            FloatVector k = broadcast(
                    SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, w + MEMORY.get(JAVA_INT_UNALIGNED, pair + 4)));
            a0 = fromMemorySegment(SPECIES, MEMORY, at, ORDER).fma(k, a0);
            a1 = fromMemorySegment(SPECIES, MEMORY, at + VECTOR_BYTES, ORDER).fma(k, a1);
        }
        a0.intoMemorySegment(MEMORY, y, ORDER);
        a1.intoMemorySegment(MEMORY, y + VECTOR_BYTES, ORDER);
    }

    /** 1 pixel of 1 vector. */
    static void gather1x1(long list, int taps, long w, long x, long y, long start) {
        FloatVector a = fromMemorySegment(SPECIES, MEMORY, start, ORDER);
        for (int i = 0; i < taps; i++) {
            long pair = list + (long) i * PAIR_BYTES;
            long at = x + MEMORY.get(JAVA_INT_UNALIGNED, pair);
            FloatVector k = broadcast(
                    SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, w + MEMORY.get(JAVA_INT_UNALIGNED, pair + 4)));
            a = fromMemorySegment(SPECIES, MEMORY, at, ORDER).fma(k, a);
        }
        a.intoMemorySegment(MEMORY, y, ORDER);
    }

    /** Sums of 9 taps over some pixels, 1 vector of each. The sums lie apart as the weights do: 1 vector for 4 bytes. */
    static void outer9(long list, int pixels, long x, long xStep, long dy, long dyStep, long sums) {
        long x0 = x + MEMORY.get(JAVA_INT_UNALIGNED, list);
        long x1 = x + MEMORY.get(JAVA_INT_UNALIGNED, list + PAIR_BYTES);
        long x2 = x + MEMORY.get(JAVA_INT_UNALIGNED, list + 2 * PAIR_BYTES);
        long x3 = x + MEMORY.get(JAVA_INT_UNALIGNED, list + 3 * PAIR_BYTES);
        long x4 = x + MEMORY.get(JAVA_INT_UNALIGNED, list + 4 * PAIR_BYTES);
        long x5 = x + MEMORY.get(JAVA_INT_UNALIGNED, list + 5 * PAIR_BYTES);
        long x6 = x + MEMORY.get(JAVA_INT_UNALIGNED, list + 6 * PAIR_BYTES);
        long x7 = x + MEMORY.get(JAVA_INT_UNALIGNED, list + 7 * PAIR_BYTES);
        long x8 = x + MEMORY.get(JAVA_INT_UNALIGNED, list + 8 * PAIR_BYTES);
        long s0 = sums + sumOffset(list);
        long s1 = sums + sumOffset(list + PAIR_BYTES);
        long s2 = sums + sumOffset(list + 2 * PAIR_BYTES);
        long s3 = sums + sumOffset(list + 3 * PAIR_BYTES);
        long s4 = sums + sumOffset(list + 4 * PAIR_BYTES);
        long s5 = sums + sumOffset(list + 5 * PAIR_BYTES);
        long s6 = sums + sumOffset(list + 6 * PAIR_BYTES);
        long s7 = sums + sumOffset(list + 7 * PAIR_BYTES);
        long s8 = sums + sumOffset(list + 8 * PAIR_BYTES);
        FloatVector a0 = fromMemorySegment(SPECIES, MEMORY, s0, ORDER);
        FloatVector a1 = fromMemorySegment(SPECIES, MEMORY, s1, ORDER);
        FloatVector a2 = fromMemorySegment(SPECIES, MEMORY, s2, ORDER);
        FloatVector a3 = fromMemorySegment(SPECIES, MEMORY, s3, ORDER);
        FloatVector a4 = fromMemorySegment(SPECIES, MEMORY, s4, ORDER);
        FloatVector a5 = fromMemorySegment(SPECIES, MEMORY, s5, ORDER);
        FloatVector a6 = fromMemorySegment(SPECIES, MEMORY, s6, ORDER);
        FloatVector a7 = fromMemorySegment(SPECIES, MEMORY, s7, ORDER);
        FloatVector a8 = fromMemorySegment(SPECIES, MEMORY, s8, ORDER);
        for (int pixel = 0; pixel < pixels; pixel++) {
            FloatVector d = fromMemorySegment(SPECIES, MEMORY, dy + pixel * dyStep, ORDER);
            long at = pixel * xStep;
            a0 = fromMemorySegment(SPECIES, MEMORY, x0 + at, ORDER).fma(d, a0);
            a1 = fromMemorySegment(SPECIES, MEMORY, x1 + at, ORDER).fma(d, a1);
            a2 = fromMemorySegment(SPECIES, MEMORY, x2 + at, ORDER).fma(d, a2);
            a3 = fromMemorySegment(SPECIES, MEMORY, x3 + at, ORDER).fma(d, a3);
            a4 = fromMemorySegment(SPECIES, MEMORY, x4 + at, ORDER).fma(d, a4);
            a5 = fromMemorySegment(SPECIES, MEMORY, x5 + at, ORDER).fma(d, a5);
            a6 = fromMemorySegment(SPECIES, MEMORY, x6 + at, ORDER).fma(d, a6);
            a7 = fromMemorySegment(SPECIES, MEMORY, x7 + at, ORDER).fma(d, a7);
            a8 = fromMemorySegment(SPECIES, MEMORY, x8 + at, ORDER).fma(d, a8);
        }
        a0.intoMemorySegment(MEMORY, s0, ORDER);
        a1.intoMemorySegment(MEMORY, s1, ORDER);
        a2.intoMemorySegment(MEMORY, s2, ORDER);
        a3.intoMemorySegment(MEMORY, s3, ORDER);
        a4.intoMemorySegment(MEMORY, s4, ORDER);
        a5.intoMemorySegment(MEMORY, s5, ORDER);
        a6.intoMemorySegment(MEMORY, s6, ORDER);
        a7.intoMemorySegment(MEMORY, s7, ORDER);
        a8.intoMemorySegment(MEMORY, s8, ORDER);
    }

    /** Sums of 3 taps over some pixels, 1 vector of each. */
    static void outer3(long list, int pixels, long x, long xStep, long dy, long dyStep, long sums) {
        long x0 = x + MEMORY.get(JAVA_INT_UNALIGNED, list);
        long x1 = x + MEMORY.get(JAVA_INT_UNALIGNED, list + PAIR_BYTES);
        long x2 = x + MEMORY.get(JAVA_INT_UNALIGNED, list + 2 * PAIR_BYTES);
        long s0 = sums + sumOffset(list);
        long s1 = sums + sumOffset(list + PAIR_BYTES);
        long s2 = sums + sumOffset(list + 2 * PAIR_BYTES);
        FloatVector a0 = fromMemorySegment(SPECIES, MEMORY, s0, ORDER);
        FloatVector a1 = fromMemorySegment(SPECIES, MEMORY, s1, ORDER);
        FloatVector a2 = fromMemorySegment(SPECIES, MEMORY, s2, ORDER);
        for (int pixel = 0; pixel < pixels; pixel++) {
            FloatVector d = fromMemorySegment(SPECIES, MEMORY, dy + pixel * dyStep, ORDER);
            a0 = fromMemorySegment(SPECIES, MEMORY, x0 + pixel * xStep, ORDER).fma(d, a0);
            a1 = fromMemorySegment(SPECIES, MEMORY, x1 + pixel * xStep, ORDER).fma(d, a1);
            a2 = fromMemorySegment(SPECIES, MEMORY, x2 + pixel * xStep, ORDER).fma(d, a2);
        }
        a0.intoMemorySegment(MEMORY, s0, ORDER);
        a1.intoMemorySegment(MEMORY, s1, ORDER);
        a2.intoMemorySegment(MEMORY, s2, ORDER);
    }

    /** Sum of 1 tap over some pixels, 1 vector of each. */
    static void outer1(long list, int pixels, long x, long xStep, long dy, long dyStep, long sums) {
        long x0 = x + MEMORY.get(JAVA_INT_UNALIGNED, list);
        long s0 = sums + sumOffset(list);
        FloatVector a0 = fromMemorySegment(SPECIES, MEMORY, s0, ORDER);
        for (int pixel = 0; pixel < pixels; pixel++) {
            FloatVector d = fromMemorySegment(SPECIES, MEMORY, dy + pixel * dyStep, ORDER);
            a0 = fromMemorySegment(SPECIES, MEMORY, x0 + pixel * xStep, ORDER).fma(d, a0);
        }
        a0.intoMemorySegment(MEMORY, s0, ORDER);
    }

    private static long sumOffset(long pair) {
        return (long) MEMORY.get(JAVA_INT_UNALIGNED, pair + 4) / Float.BYTES * VECTOR_BYTES;
    }
}
