package org.bame.kernel;

import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.SPECIES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import jdk.incubator.vector.FloatVector;

/**
 * Innermost loops of the dense weight gradient: an outer product of some target channels and some source channels, summed
 * over pixels lane by lane. The sums rest in memory between calls, one vector a weight, {@code [row][channel]}.
 */
final class GradientTiles {
    private GradientTiles() {}

    /** 4 rows by 4 channels, 2 vectors of each pixel. */
    static void outer4x4x2(int pixels, long x, long xPixel, long dy, long dyPixel, long lane, long sums) {
        FloatVector a00 = fromMemorySegment(SPECIES, MEMORY, sums, ORDER);
        FloatVector a01 = fromMemorySegment(SPECIES, MEMORY, sums + VECTOR_BYTES, ORDER);
        FloatVector a02 = fromMemorySegment(SPECIES, MEMORY, sums + 2 * VECTOR_BYTES, ORDER);
        FloatVector a03 = fromMemorySegment(SPECIES, MEMORY, sums + 3 * VECTOR_BYTES, ORDER);
        FloatVector a10 = fromMemorySegment(SPECIES, MEMORY, sums + 4 * VECTOR_BYTES, ORDER);
        FloatVector a11 = fromMemorySegment(SPECIES, MEMORY, sums + 5 * VECTOR_BYTES, ORDER);
        FloatVector a12 = fromMemorySegment(SPECIES, MEMORY, sums + 6 * VECTOR_BYTES, ORDER);
        FloatVector a13 = fromMemorySegment(SPECIES, MEMORY, sums + 7 * VECTOR_BYTES, ORDER);
        FloatVector a20 = fromMemorySegment(SPECIES, MEMORY, sums + 8 * VECTOR_BYTES, ORDER);
        FloatVector a21 = fromMemorySegment(SPECIES, MEMORY, sums + 9 * VECTOR_BYTES, ORDER);
        FloatVector a22 = fromMemorySegment(SPECIES, MEMORY, sums + 10 * VECTOR_BYTES, ORDER);
        FloatVector a23 = fromMemorySegment(SPECIES, MEMORY, sums + 11 * VECTOR_BYTES, ORDER);
        FloatVector a30 = fromMemorySegment(SPECIES, MEMORY, sums + 12 * VECTOR_BYTES, ORDER);
        FloatVector a31 = fromMemorySegment(SPECIES, MEMORY, sums + 13 * VECTOR_BYTES, ORDER);
        FloatVector a32 = fromMemorySegment(SPECIES, MEMORY, sums + 14 * VECTOR_BYTES, ORDER);
        FloatVector a33 = fromMemorySegment(SPECIES, MEMORY, sums + 15 * VECTOR_BYTES, ORDER);
        long lane2 = 2 * lane;
        long lane3 = 3 * lane;
        for (int pixel = 0; pixel < pixels; pixel++) {
            FloatVector d00 = fromMemorySegment(SPECIES, MEMORY, dy, ORDER);
            FloatVector d10 = fromMemorySegment(SPECIES, MEMORY, dy + lane, ORDER);
            FloatVector d20 = fromMemorySegment(SPECIES, MEMORY, dy + lane2, ORDER);
            FloatVector d30 = fromMemorySegment(SPECIES, MEMORY, dy + lane3, ORDER);
            FloatVector s00 = fromMemorySegment(SPECIES, MEMORY, x, ORDER);
            a00 = s00.fma(d00, a00);
            a10 = s00.fma(d10, a10);
            a20 = s00.fma(d20, a20);
            a30 = s00.fma(d30, a30);
            FloatVector s10 = fromMemorySegment(SPECIES, MEMORY, x + lane, ORDER);
            a01 = s10.fma(d00, a01);
            a11 = s10.fma(d10, a11);
            a21 = s10.fma(d20, a21);
            a31 = s10.fma(d30, a31);
            FloatVector s20 = fromMemorySegment(SPECIES, MEMORY, x + lane2, ORDER);
            a02 = s20.fma(d00, a02);
            a12 = s20.fma(d10, a12);
            a22 = s20.fma(d20, a22);
            a32 = s20.fma(d30, a32);
            FloatVector s30 = fromMemorySegment(SPECIES, MEMORY, x + lane3, ORDER);
            a03 = s30.fma(d00, a03);
            a13 = s30.fma(d10, a13);
            a23 = s30.fma(d20, a23);
            a33 = s30.fma(d30, a33);
            FloatVector d01 = fromMemorySegment(SPECIES, MEMORY, dy + VECTOR_BYTES, ORDER);
            FloatVector d11 = fromMemorySegment(SPECIES, MEMORY, dy + lane + VECTOR_BYTES, ORDER);
            FloatVector d21 = fromMemorySegment(SPECIES, MEMORY, dy + lane2 + VECTOR_BYTES, ORDER);
            FloatVector d31 = fromMemorySegment(SPECIES, MEMORY, dy + lane3 + VECTOR_BYTES, ORDER);
            FloatVector s01 = fromMemorySegment(SPECIES, MEMORY, x + VECTOR_BYTES, ORDER);
            a00 = s01.fma(d01, a00);
            a10 = s01.fma(d11, a10);
            a20 = s01.fma(d21, a20);
            a30 = s01.fma(d31, a30);
            FloatVector s11 = fromMemorySegment(SPECIES, MEMORY, x + lane + VECTOR_BYTES, ORDER);
            a01 = s11.fma(d01, a01);
            a11 = s11.fma(d11, a11);
            a21 = s11.fma(d21, a21);
            a31 = s11.fma(d31, a31);
            FloatVector s21 = fromMemorySegment(SPECIES, MEMORY, x + lane2 + VECTOR_BYTES, ORDER);
            a02 = s21.fma(d01, a02);
            a12 = s21.fma(d11, a12);
            a22 = s21.fma(d21, a22);
            a32 = s21.fma(d31, a32);
            FloatVector s31 = fromMemorySegment(SPECIES, MEMORY, x + lane3 + VECTOR_BYTES, ORDER);
            a03 = s31.fma(d01, a03);
            a13 = s31.fma(d11, a13);
            a23 = s31.fma(d21, a23);
            a33 = s31.fma(d31, a33);
            x += xPixel;
            dy += dyPixel;
        }
        a00.intoMemorySegment(MEMORY, sums, ORDER);
        a01.intoMemorySegment(MEMORY, sums + VECTOR_BYTES, ORDER);
        a02.intoMemorySegment(MEMORY, sums + 2 * VECTOR_BYTES, ORDER);
        a03.intoMemorySegment(MEMORY, sums + 3 * VECTOR_BYTES, ORDER);
        a10.intoMemorySegment(MEMORY, sums + 4 * VECTOR_BYTES, ORDER);
        a11.intoMemorySegment(MEMORY, sums + 5 * VECTOR_BYTES, ORDER);
        a12.intoMemorySegment(MEMORY, sums + 6 * VECTOR_BYTES, ORDER);
        a13.intoMemorySegment(MEMORY, sums + 7 * VECTOR_BYTES, ORDER);
        a20.intoMemorySegment(MEMORY, sums + 8 * VECTOR_BYTES, ORDER);
        a21.intoMemorySegment(MEMORY, sums + 9 * VECTOR_BYTES, ORDER);
        a22.intoMemorySegment(MEMORY, sums + 10 * VECTOR_BYTES, ORDER);
        a23.intoMemorySegment(MEMORY, sums + 11 * VECTOR_BYTES, ORDER);
        a30.intoMemorySegment(MEMORY, sums + 12 * VECTOR_BYTES, ORDER);
        a31.intoMemorySegment(MEMORY, sums + 13 * VECTOR_BYTES, ORDER);
        a32.intoMemorySegment(MEMORY, sums + 14 * VECTOR_BYTES, ORDER);
        a33.intoMemorySegment(MEMORY, sums + 15 * VECTOR_BYTES, ORDER);
    }

    /** 4 rows by 1 channel, 2 vectors of each pixel. */
    static void outer4x1x2(int pixels, long x, long xPixel, long dy, long dyPixel, long lane, long sums) {
        FloatVector a00 = fromMemorySegment(SPECIES, MEMORY, sums, ORDER);
        FloatVector a10 = fromMemorySegment(SPECIES, MEMORY, sums + VECTOR_BYTES, ORDER);
        FloatVector a20 = fromMemorySegment(SPECIES, MEMORY, sums + 2 * VECTOR_BYTES, ORDER);
        FloatVector a30 = fromMemorySegment(SPECIES, MEMORY, sums + 3 * VECTOR_BYTES, ORDER);
        long lane2 = 2 * lane;
        long lane3 = 3 * lane;
        for (int pixel = 0; pixel < pixels; pixel++) {
            FloatVector d00 = fromMemorySegment(SPECIES, MEMORY, dy, ORDER);
            FloatVector d10 = fromMemorySegment(SPECIES, MEMORY, dy + lane, ORDER);
            FloatVector d20 = fromMemorySegment(SPECIES, MEMORY, dy + lane2, ORDER);
            FloatVector d30 = fromMemorySegment(SPECIES, MEMORY, dy + lane3, ORDER);
            FloatVector s00 = fromMemorySegment(SPECIES, MEMORY, x, ORDER);
            a00 = s00.fma(d00, a00);
            a10 = s00.fma(d10, a10);
            a20 = s00.fma(d20, a20);
            a30 = s00.fma(d30, a30);
            FloatVector d01 = fromMemorySegment(SPECIES, MEMORY, dy + VECTOR_BYTES, ORDER);
            FloatVector d11 = fromMemorySegment(SPECIES, MEMORY, dy + lane + VECTOR_BYTES, ORDER);
            FloatVector d21 = fromMemorySegment(SPECIES, MEMORY, dy + lane2 + VECTOR_BYTES, ORDER);
            FloatVector d31 = fromMemorySegment(SPECIES, MEMORY, dy + lane3 + VECTOR_BYTES, ORDER);
            FloatVector s01 = fromMemorySegment(SPECIES, MEMORY, x + VECTOR_BYTES, ORDER);
            a00 = s01.fma(d01, a00);
            a10 = s01.fma(d11, a10);
            a20 = s01.fma(d21, a20);
            a30 = s01.fma(d31, a30);
            x += xPixel;
            dy += dyPixel;
        }
        a00.intoMemorySegment(MEMORY, sums, ORDER);
        a10.intoMemorySegment(MEMORY, sums + VECTOR_BYTES, ORDER);
        a20.intoMemorySegment(MEMORY, sums + 2 * VECTOR_BYTES, ORDER);
        a30.intoMemorySegment(MEMORY, sums + 3 * VECTOR_BYTES, ORDER);
    }

    /** 1 row by 4 channels, 2 vectors of each pixel. */
    static void outer1x4x2(int pixels, long x, long xPixel, long dy, long dyPixel, long lane, long sums) {
        FloatVector a00 = fromMemorySegment(SPECIES, MEMORY, sums, ORDER);
        FloatVector a01 = fromMemorySegment(SPECIES, MEMORY, sums + VECTOR_BYTES, ORDER);
        FloatVector a02 = fromMemorySegment(SPECIES, MEMORY, sums + 2 * VECTOR_BYTES, ORDER);
        FloatVector a03 = fromMemorySegment(SPECIES, MEMORY, sums + 3 * VECTOR_BYTES, ORDER);
        long lane2 = 2 * lane;
        long lane3 = 3 * lane;
        for (int pixel = 0; pixel < pixels; pixel++) {
            FloatVector d00 = fromMemorySegment(SPECIES, MEMORY, dy, ORDER);
            FloatVector s00 = fromMemorySegment(SPECIES, MEMORY, x, ORDER);
            a00 = s00.fma(d00, a00);
            FloatVector s10 = fromMemorySegment(SPECIES, MEMORY, x + lane, ORDER);
            a01 = s10.fma(d00, a01);
            FloatVector s20 = fromMemorySegment(SPECIES, MEMORY, x + lane2, ORDER);
            a02 = s20.fma(d00, a02);
            FloatVector s30 = fromMemorySegment(SPECIES, MEMORY, x + lane3, ORDER);
            a03 = s30.fma(d00, a03);
            FloatVector d01 = fromMemorySegment(SPECIES, MEMORY, dy + VECTOR_BYTES, ORDER);
            FloatVector s01 = fromMemorySegment(SPECIES, MEMORY, x + VECTOR_BYTES, ORDER);
            a00 = s01.fma(d01, a00);
            FloatVector s11 = fromMemorySegment(SPECIES, MEMORY, x + lane + VECTOR_BYTES, ORDER);
            a01 = s11.fma(d01, a01);
            FloatVector s21 = fromMemorySegment(SPECIES, MEMORY, x + lane2 + VECTOR_BYTES, ORDER);
            a02 = s21.fma(d01, a02);
            FloatVector s31 = fromMemorySegment(SPECIES, MEMORY, x + lane3 + VECTOR_BYTES, ORDER);
            a03 = s31.fma(d01, a03);
            x += xPixel;
            dy += dyPixel;
        }
        a00.intoMemorySegment(MEMORY, sums, ORDER);
        a01.intoMemorySegment(MEMORY, sums + VECTOR_BYTES, ORDER);
        a02.intoMemorySegment(MEMORY, sums + 2 * VECTOR_BYTES, ORDER);
        a03.intoMemorySegment(MEMORY, sums + 3 * VECTOR_BYTES, ORDER);
    }

    /** 1 row by 1 channel, 2 vectors of each pixel. */
    static void outer1x1x2(int pixels, long x, long xPixel, long dy, long dyPixel, long lane, long sums) {
        FloatVector a00 = fromMemorySegment(SPECIES, MEMORY, sums, ORDER);
        for (int pixel = 0; pixel < pixels; pixel++) {
            FloatVector d00 = fromMemorySegment(SPECIES, MEMORY, dy, ORDER);
            FloatVector s00 = fromMemorySegment(SPECIES, MEMORY, x, ORDER);
            a00 = s00.fma(d00, a00);
            FloatVector d01 = fromMemorySegment(SPECIES, MEMORY, dy + VECTOR_BYTES, ORDER);
            FloatVector s01 = fromMemorySegment(SPECIES, MEMORY, x + VECTOR_BYTES, ORDER);
            a00 = s01.fma(d01, a00);
            x += xPixel;
            dy += dyPixel;
        }
        a00.intoMemorySegment(MEMORY, sums, ORDER);
    }

    /** 4 rows by 4 channels, 1 vector of each pixel. */
    static void outer4x4x1(int pixels, long x, long xPixel, long dy, long dyPixel, long lane, long sums) {
        FloatVector a00 = fromMemorySegment(SPECIES, MEMORY, sums, ORDER);
        FloatVector a01 = fromMemorySegment(SPECIES, MEMORY, sums + VECTOR_BYTES, ORDER);
        FloatVector a02 = fromMemorySegment(SPECIES, MEMORY, sums + 2 * VECTOR_BYTES, ORDER);
        FloatVector a03 = fromMemorySegment(SPECIES, MEMORY, sums + 3 * VECTOR_BYTES, ORDER);
        FloatVector a10 = fromMemorySegment(SPECIES, MEMORY, sums + 4 * VECTOR_BYTES, ORDER);
        FloatVector a11 = fromMemorySegment(SPECIES, MEMORY, sums + 5 * VECTOR_BYTES, ORDER);
        FloatVector a12 = fromMemorySegment(SPECIES, MEMORY, sums + 6 * VECTOR_BYTES, ORDER);
        FloatVector a13 = fromMemorySegment(SPECIES, MEMORY, sums + 7 * VECTOR_BYTES, ORDER);
        FloatVector a20 = fromMemorySegment(SPECIES, MEMORY, sums + 8 * VECTOR_BYTES, ORDER);
        FloatVector a21 = fromMemorySegment(SPECIES, MEMORY, sums + 9 * VECTOR_BYTES, ORDER);
        FloatVector a22 = fromMemorySegment(SPECIES, MEMORY, sums + 10 * VECTOR_BYTES, ORDER);
        FloatVector a23 = fromMemorySegment(SPECIES, MEMORY, sums + 11 * VECTOR_BYTES, ORDER);
        FloatVector a30 = fromMemorySegment(SPECIES, MEMORY, sums + 12 * VECTOR_BYTES, ORDER);
        FloatVector a31 = fromMemorySegment(SPECIES, MEMORY, sums + 13 * VECTOR_BYTES, ORDER);
        FloatVector a32 = fromMemorySegment(SPECIES, MEMORY, sums + 14 * VECTOR_BYTES, ORDER);
        FloatVector a33 = fromMemorySegment(SPECIES, MEMORY, sums + 15 * VECTOR_BYTES, ORDER);
        long lane2 = 2 * lane;
        long lane3 = 3 * lane;
        for (int pixel = 0; pixel < pixels; pixel++) {
            FloatVector d00 = fromMemorySegment(SPECIES, MEMORY, dy, ORDER);
            FloatVector d10 = fromMemorySegment(SPECIES, MEMORY, dy + lane, ORDER);
            FloatVector d20 = fromMemorySegment(SPECIES, MEMORY, dy + lane2, ORDER);
            FloatVector d30 = fromMemorySegment(SPECIES, MEMORY, dy + lane3, ORDER);
            FloatVector s00 = fromMemorySegment(SPECIES, MEMORY, x, ORDER);
            a00 = s00.fma(d00, a00);
            a10 = s00.fma(d10, a10);
            a20 = s00.fma(d20, a20);
            a30 = s00.fma(d30, a30);
            FloatVector s10 = fromMemorySegment(SPECIES, MEMORY, x + lane, ORDER);
            a01 = s10.fma(d00, a01);
            a11 = s10.fma(d10, a11);
            a21 = s10.fma(d20, a21);
            a31 = s10.fma(d30, a31);
            FloatVector s20 = fromMemorySegment(SPECIES, MEMORY, x + lane2, ORDER);
            a02 = s20.fma(d00, a02);
            a12 = s20.fma(d10, a12);
            a22 = s20.fma(d20, a22);
            a32 = s20.fma(d30, a32);
            FloatVector s30 = fromMemorySegment(SPECIES, MEMORY, x + lane3, ORDER);
            a03 = s30.fma(d00, a03);
            a13 = s30.fma(d10, a13);
            a23 = s30.fma(d20, a23);
            a33 = s30.fma(d30, a33);
            x += xPixel;
            dy += dyPixel;
        }
        a00.intoMemorySegment(MEMORY, sums, ORDER);
        a01.intoMemorySegment(MEMORY, sums + VECTOR_BYTES, ORDER);
        a02.intoMemorySegment(MEMORY, sums + 2 * VECTOR_BYTES, ORDER);
        a03.intoMemorySegment(MEMORY, sums + 3 * VECTOR_BYTES, ORDER);
        a10.intoMemorySegment(MEMORY, sums + 4 * VECTOR_BYTES, ORDER);
        a11.intoMemorySegment(MEMORY, sums + 5 * VECTOR_BYTES, ORDER);
        a12.intoMemorySegment(MEMORY, sums + 6 * VECTOR_BYTES, ORDER);
        a13.intoMemorySegment(MEMORY, sums + 7 * VECTOR_BYTES, ORDER);
        a20.intoMemorySegment(MEMORY, sums + 8 * VECTOR_BYTES, ORDER);
        a21.intoMemorySegment(MEMORY, sums + 9 * VECTOR_BYTES, ORDER);
        a22.intoMemorySegment(MEMORY, sums + 10 * VECTOR_BYTES, ORDER);
        a23.intoMemorySegment(MEMORY, sums + 11 * VECTOR_BYTES, ORDER);
        a30.intoMemorySegment(MEMORY, sums + 12 * VECTOR_BYTES, ORDER);
        a31.intoMemorySegment(MEMORY, sums + 13 * VECTOR_BYTES, ORDER);
        a32.intoMemorySegment(MEMORY, sums + 14 * VECTOR_BYTES, ORDER);
        a33.intoMemorySegment(MEMORY, sums + 15 * VECTOR_BYTES, ORDER);
    }

    /** 4 rows by 1 channel, 1 vector of each pixel. */
    static void outer4x1x1(int pixels, long x, long xPixel, long dy, long dyPixel, long lane, long sums) {
        FloatVector a00 = fromMemorySegment(SPECIES, MEMORY, sums, ORDER);
        FloatVector a10 = fromMemorySegment(SPECIES, MEMORY, sums + VECTOR_BYTES, ORDER);
        FloatVector a20 = fromMemorySegment(SPECIES, MEMORY, sums + 2 * VECTOR_BYTES, ORDER);
        FloatVector a30 = fromMemorySegment(SPECIES, MEMORY, sums + 3 * VECTOR_BYTES, ORDER);
        long lane2 = 2 * lane;
        long lane3 = 3 * lane;
        for (int pixel = 0; pixel < pixels; pixel++) {
            FloatVector d00 = fromMemorySegment(SPECIES, MEMORY, dy, ORDER);
            FloatVector d10 = fromMemorySegment(SPECIES, MEMORY, dy + lane, ORDER);
            FloatVector d20 = fromMemorySegment(SPECIES, MEMORY, dy + lane2, ORDER);
            FloatVector d30 = fromMemorySegment(SPECIES, MEMORY, dy + lane3, ORDER);
            FloatVector s00 = fromMemorySegment(SPECIES, MEMORY, x, ORDER);
            a00 = s00.fma(d00, a00);
            a10 = s00.fma(d10, a10);
            a20 = s00.fma(d20, a20);
            a30 = s00.fma(d30, a30);
            x += xPixel;
            dy += dyPixel;
        }
        a00.intoMemorySegment(MEMORY, sums, ORDER);
        a10.intoMemorySegment(MEMORY, sums + VECTOR_BYTES, ORDER);
        a20.intoMemorySegment(MEMORY, sums + 2 * VECTOR_BYTES, ORDER);
        a30.intoMemorySegment(MEMORY, sums + 3 * VECTOR_BYTES, ORDER);
    }

    /** 1 row by 4 channels, 1 vector of each pixel. */
    static void outer1x4x1(int pixels, long x, long xPixel, long dy, long dyPixel, long lane, long sums) {
        FloatVector a00 = fromMemorySegment(SPECIES, MEMORY, sums, ORDER);
        FloatVector a01 = fromMemorySegment(SPECIES, MEMORY, sums + VECTOR_BYTES, ORDER);
        FloatVector a02 = fromMemorySegment(SPECIES, MEMORY, sums + 2 * VECTOR_BYTES, ORDER);
        FloatVector a03 = fromMemorySegment(SPECIES, MEMORY, sums + 3 * VECTOR_BYTES, ORDER);
        long lane2 = 2 * lane;
        long lane3 = 3 * lane;
        for (int pixel = 0; pixel < pixels; pixel++) {
            FloatVector d00 = fromMemorySegment(SPECIES, MEMORY, dy, ORDER);
            FloatVector s00 = fromMemorySegment(SPECIES, MEMORY, x, ORDER);
            a00 = s00.fma(d00, a00);
            FloatVector s10 = fromMemorySegment(SPECIES, MEMORY, x + lane, ORDER);
            a01 = s10.fma(d00, a01);
            FloatVector s20 = fromMemorySegment(SPECIES, MEMORY, x + lane2, ORDER);
            a02 = s20.fma(d00, a02);
            FloatVector s30 = fromMemorySegment(SPECIES, MEMORY, x + lane3, ORDER);
            a03 = s30.fma(d00, a03);
            x += xPixel;
            dy += dyPixel;
        }
        a00.intoMemorySegment(MEMORY, sums, ORDER);
        a01.intoMemorySegment(MEMORY, sums + VECTOR_BYTES, ORDER);
        a02.intoMemorySegment(MEMORY, sums + 2 * VECTOR_BYTES, ORDER);
        a03.intoMemorySegment(MEMORY, sums + 3 * VECTOR_BYTES, ORDER);
    }

    /** 1 row by 1 channel, 1 vector of each pixel. */
    static void outer1x1x1(int pixels, long x, long xPixel, long dy, long dyPixel, long lane, long sums) {
        FloatVector a00 = fromMemorySegment(SPECIES, MEMORY, sums, ORDER);
        for (int pixel = 0; pixel < pixels; pixel++) {
            FloatVector d00 = fromMemorySegment(SPECIES, MEMORY, dy, ORDER);
            FloatVector s00 = fromMemorySegment(SPECIES, MEMORY, x, ORDER);
            a00 = s00.fma(d00, a00);
            x += xPixel;
            dy += dyPixel;
        }
        a00.intoMemorySegment(MEMORY, sums, ORDER);
    }
}
