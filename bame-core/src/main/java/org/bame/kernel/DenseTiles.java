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
 * Innermost loops of the dense gather: a tile of 4 target channels by some pixels in registers, so that every vector of
 * activations is used four times and every weight once for each vector. The source channels come as a list of byte offsets
 * from tap (0, 0) of the window, one for all rows.
 */
final class DenseTiles {
    private DenseTiles() {}

    /** What is the same for all tiles of a pass; rows from {@code validRows} on are computed but neither read nor written. One instance a worker, refilled for each pass. */
    static final class Window {
        long list;
        int from;
        int end;
        long sourcePixelBytes;
        long targetPixelBytes;
        long startPixelBytes;
        long startLaneBytes;
        long laneBytes;
        int validRows;
    }

    /** 4 rows of 2 pixels of 2 vectors. */
    static void gather2x2(Window t, long w, long x, long y, long start) {
        long xStep = t.sourcePixelBytes;
        long yStep = t.targetPixelBytes;
        long startStep = t.startPixelBytes;
        int lastRow = t.validRows - 1;
        long start1 = start + Math.min(1, lastRow) * t.startLaneBytes;
        long start2 = start + Math.min(2, lastRow) * t.startLaneBytes;
        long start3 = start + Math.min(3, lastRow) * t.startLaneBytes;
        FloatVector a000 = fromMemorySegment(SPECIES, MEMORY, start, ORDER);
        FloatVector a001 = fromMemorySegment(SPECIES, MEMORY, start + VECTOR_BYTES, ORDER);
        FloatVector a010 = fromMemorySegment(SPECIES, MEMORY, start + startStep, ORDER);
        FloatVector a011 = fromMemorySegment(SPECIES, MEMORY, start + startStep + VECTOR_BYTES, ORDER);
        FloatVector a100 = fromMemorySegment(SPECIES, MEMORY, start1, ORDER);
        FloatVector a101 = fromMemorySegment(SPECIES, MEMORY, start1 + VECTOR_BYTES, ORDER);
        FloatVector a110 = fromMemorySegment(SPECIES, MEMORY, start1 + startStep, ORDER);
        FloatVector a111 = fromMemorySegment(SPECIES, MEMORY, start1 + startStep + VECTOR_BYTES, ORDER);
        FloatVector a200 = fromMemorySegment(SPECIES, MEMORY, start2, ORDER);
        FloatVector a201 = fromMemorySegment(SPECIES, MEMORY, start2 + VECTOR_BYTES, ORDER);
        FloatVector a210 = fromMemorySegment(SPECIES, MEMORY, start2 + startStep, ORDER);
        FloatVector a211 = fromMemorySegment(SPECIES, MEMORY, start2 + startStep + VECTOR_BYTES, ORDER);
        FloatVector a300 = fromMemorySegment(SPECIES, MEMORY, start3, ORDER);
        FloatVector a301 = fromMemorySegment(SPECIES, MEMORY, start3 + VECTOR_BYTES, ORDER);
        FloatVector a310 = fromMemorySegment(SPECIES, MEMORY, start3 + startStep, ORDER);
        FloatVector a311 = fromMemorySegment(SPECIES, MEMORY, start3 + startStep + VECTOR_BYTES, ORDER);
        long list = t.list;
        int end = t.end;
        for (int i = t.from; i < end; i++) {
            long at = x + MEMORY.get(JAVA_INT_UNALIGNED, list + ((long) i << 2));
            long weight = w + ((long) i << 4);
            FloatVector x00 = fromMemorySegment(SPECIES, MEMORY, at, ORDER);
            FloatVector x01 = fromMemorySegment(SPECIES, MEMORY, at + VECTOR_BYTES, ORDER);
            FloatVector x10 = fromMemorySegment(SPECIES, MEMORY, at + xStep, ORDER);
            FloatVector x11 = fromMemorySegment(SPECIES, MEMORY, at + xStep + VECTOR_BYTES, ORDER);
            FloatVector k = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, weight));
            a000 = x00.fma(k, a000);
            a001 = x01.fma(k, a001);
            a010 = x10.fma(k, a010);
            a011 = x11.fma(k, a011);
            k = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, weight + 4));
            a100 = x00.fma(k, a100);
            a101 = x01.fma(k, a101);
            a110 = x10.fma(k, a110);
            a111 = x11.fma(k, a111);
            k = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, weight + 8));
            a200 = x00.fma(k, a200);
            a201 = x01.fma(k, a201);
            a210 = x10.fma(k, a210);
            a211 = x11.fma(k, a211);
            k = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, weight + 12));
            a300 = x00.fma(k, a300);
            a301 = x01.fma(k, a301);
            a310 = x10.fma(k, a310);
            a311 = x11.fma(k, a311);
        }
        a000.intoMemorySegment(MEMORY, y, ORDER);
        a001.intoMemorySegment(MEMORY, y + VECTOR_BYTES, ORDER);
        a010.intoMemorySegment(MEMORY, y + yStep, ORDER);
        a011.intoMemorySegment(MEMORY, y + yStep + VECTOR_BYTES, ORDER);
        if (t.validRows > 1) {
            long y1 = y + t.laneBytes;
            a100.intoMemorySegment(MEMORY, y1, ORDER);
            a101.intoMemorySegment(MEMORY, y1 + VECTOR_BYTES, ORDER);
            a110.intoMemorySegment(MEMORY, y1 + yStep, ORDER);
            a111.intoMemorySegment(MEMORY, y1 + yStep + VECTOR_BYTES, ORDER);
        }
        if (t.validRows > 2) {
            long y2 = y + 2 * t.laneBytes;
            a200.intoMemorySegment(MEMORY, y2, ORDER);
            a201.intoMemorySegment(MEMORY, y2 + VECTOR_BYTES, ORDER);
            a210.intoMemorySegment(MEMORY, y2 + yStep, ORDER);
            a211.intoMemorySegment(MEMORY, y2 + yStep + VECTOR_BYTES, ORDER);
        }
        if (t.validRows > 3) {
            long y3 = y + 3 * t.laneBytes;
            a300.intoMemorySegment(MEMORY, y3, ORDER);
            a301.intoMemorySegment(MEMORY, y3 + VECTOR_BYTES, ORDER);
            a310.intoMemorySegment(MEMORY, y3 + yStep, ORDER);
            a311.intoMemorySegment(MEMORY, y3 + yStep + VECTOR_BYTES, ORDER);
        }
    }

    /** 4 rows of 1 pixel of 2 vectors. */
    static void gather1x2(Window t, long w, long x, long y, long start) {
        int lastRow = t.validRows - 1;
        long start1 = start + Math.min(1, lastRow) * t.startLaneBytes;
        long start2 = start + Math.min(2, lastRow) * t.startLaneBytes;
        long start3 = start + Math.min(3, lastRow) * t.startLaneBytes;
        FloatVector a000 = fromMemorySegment(SPECIES, MEMORY, start, ORDER);
        FloatVector a001 = fromMemorySegment(SPECIES, MEMORY, start + VECTOR_BYTES, ORDER);
        FloatVector a100 = fromMemorySegment(SPECIES, MEMORY, start1, ORDER);
        FloatVector a101 = fromMemorySegment(SPECIES, MEMORY, start1 + VECTOR_BYTES, ORDER);
        FloatVector a200 = fromMemorySegment(SPECIES, MEMORY, start2, ORDER);
        FloatVector a201 = fromMemorySegment(SPECIES, MEMORY, start2 + VECTOR_BYTES, ORDER);
        FloatVector a300 = fromMemorySegment(SPECIES, MEMORY, start3, ORDER);
        FloatVector a301 = fromMemorySegment(SPECIES, MEMORY, start3 + VECTOR_BYTES, ORDER);
        long list = t.list;
        int end = t.end;
        for (int i = t.from; i < end; i++) {
            long at = x + MEMORY.get(JAVA_INT_UNALIGNED, list + ((long) i << 2));
            long weight = w + ((long) i << 4);
            FloatVector x00 = fromMemorySegment(SPECIES, MEMORY, at, ORDER);
            FloatVector x01 = fromMemorySegment(SPECIES, MEMORY, at + VECTOR_BYTES, ORDER);
            FloatVector k = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, weight));
            a000 = x00.fma(k, a000);
            a001 = x01.fma(k, a001);
            k = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, weight + 4));
            a100 = x00.fma(k, a100);
            a101 = x01.fma(k, a101);
            k = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, weight + 8));
            a200 = x00.fma(k, a200);
            a201 = x01.fma(k, a201);
            k = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, weight + 12));
            a300 = x00.fma(k, a300);
            a301 = x01.fma(k, a301);
        }
        a000.intoMemorySegment(MEMORY, y, ORDER);
        a001.intoMemorySegment(MEMORY, y + VECTOR_BYTES, ORDER);
        if (t.validRows > 1) {
            long y1 = y + t.laneBytes;
            a100.intoMemorySegment(MEMORY, y1, ORDER);
            a101.intoMemorySegment(MEMORY, y1 + VECTOR_BYTES, ORDER);
        }
        if (t.validRows > 2) {
            long y2 = y + 2 * t.laneBytes;
            a200.intoMemorySegment(MEMORY, y2, ORDER);
            a201.intoMemorySegment(MEMORY, y2 + VECTOR_BYTES, ORDER);
        }
        if (t.validRows > 3) {
            long y3 = y + 3 * t.laneBytes;
            a300.intoMemorySegment(MEMORY, y3, ORDER);
            a301.intoMemorySegment(MEMORY, y3 + VECTOR_BYTES, ORDER);
        }
    }

    /** 4 rows of 3 pixels of 1 vector. */
    static void gather3x1(Window t, long w, long x, long y, long start) {
        long xStep = t.sourcePixelBytes;
        long xStep2 = 2 * xStep;
        long yStep = t.targetPixelBytes;
        long yStep2 = 2 * yStep;
        long startStep = t.startPixelBytes;
        long startStep2 = 2 * startStep;
        int lastRow = t.validRows - 1;
        long start1 = start + Math.min(1, lastRow) * t.startLaneBytes;
        long start2 = start + Math.min(2, lastRow) * t.startLaneBytes;
        long start3 = start + Math.min(3, lastRow) * t.startLaneBytes;
        FloatVector a000 = fromMemorySegment(SPECIES, MEMORY, start, ORDER);
        FloatVector a010 = fromMemorySegment(SPECIES, MEMORY, start + startStep, ORDER);
        FloatVector a020 = fromMemorySegment(SPECIES, MEMORY, start + startStep2, ORDER);
        FloatVector a100 = fromMemorySegment(SPECIES, MEMORY, start1, ORDER);
        FloatVector a110 = fromMemorySegment(SPECIES, MEMORY, start1 + startStep, ORDER);
        FloatVector a120 = fromMemorySegment(SPECIES, MEMORY, start1 + startStep2, ORDER);
        FloatVector a200 = fromMemorySegment(SPECIES, MEMORY, start2, ORDER);
        FloatVector a210 = fromMemorySegment(SPECIES, MEMORY, start2 + startStep, ORDER);
        FloatVector a220 = fromMemorySegment(SPECIES, MEMORY, start2 + startStep2, ORDER);
        FloatVector a300 = fromMemorySegment(SPECIES, MEMORY, start3, ORDER);
        FloatVector a310 = fromMemorySegment(SPECIES, MEMORY, start3 + startStep, ORDER);
        FloatVector a320 = fromMemorySegment(SPECIES, MEMORY, start3 + startStep2, ORDER);
        long list = t.list;
        int end = t.end;
        for (int i = t.from; i < end; i++) {
            long at = x + MEMORY.get(JAVA_INT_UNALIGNED, list + ((long) i << 2));
            long weight = w + ((long) i << 4);
            FloatVector x00 = fromMemorySegment(SPECIES, MEMORY, at, ORDER);
            FloatVector x10 = fromMemorySegment(SPECIES, MEMORY, at + xStep, ORDER);
            FloatVector x20 = fromMemorySegment(SPECIES, MEMORY, at + xStep2, ORDER);
            FloatVector k = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, weight));
            a000 = x00.fma(k, a000);
            a010 = x10.fma(k, a010);
            a020 = x20.fma(k, a020);
            k = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, weight + 4));
            a100 = x00.fma(k, a100);
            a110 = x10.fma(k, a110);
            a120 = x20.fma(k, a120);
            k = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, weight + 8));
            a200 = x00.fma(k, a200);
            a210 = x10.fma(k, a210);
            a220 = x20.fma(k, a220);
            k = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, weight + 12));
            a300 = x00.fma(k, a300);
            a310 = x10.fma(k, a310);
            a320 = x20.fma(k, a320);
        }
        a000.intoMemorySegment(MEMORY, y, ORDER);
        a010.intoMemorySegment(MEMORY, y + yStep, ORDER);
        a020.intoMemorySegment(MEMORY, y + yStep2, ORDER);
        if (t.validRows > 1) {
            long y1 = y + t.laneBytes;
            a100.intoMemorySegment(MEMORY, y1, ORDER);
            a110.intoMemorySegment(MEMORY, y1 + yStep, ORDER);
            a120.intoMemorySegment(MEMORY, y1 + yStep2, ORDER);
        }
        if (t.validRows > 2) {
            long y2 = y + 2 * t.laneBytes;
            a200.intoMemorySegment(MEMORY, y2, ORDER);
            a210.intoMemorySegment(MEMORY, y2 + yStep, ORDER);
            a220.intoMemorySegment(MEMORY, y2 + yStep2, ORDER);
        }
        if (t.validRows > 3) {
            long y3 = y + 3 * t.laneBytes;
            a300.intoMemorySegment(MEMORY, y3, ORDER);
            a310.intoMemorySegment(MEMORY, y3 + yStep, ORDER);
            a320.intoMemorySegment(MEMORY, y3 + yStep2, ORDER);
        }
    }

    /** 4 rows of 1 pixel of 1 vector. */
    static void gather1x1(Window t, long w, long x, long y, long start) {
        int lastRow = t.validRows - 1;
        long start1 = start + Math.min(1, lastRow) * t.startLaneBytes;
        long start2 = start + Math.min(2, lastRow) * t.startLaneBytes;
        long start3 = start + Math.min(3, lastRow) * t.startLaneBytes;
        FloatVector a000 = fromMemorySegment(SPECIES, MEMORY, start, ORDER);
        FloatVector a100 = fromMemorySegment(SPECIES, MEMORY, start1, ORDER);
        FloatVector a200 = fromMemorySegment(SPECIES, MEMORY, start2, ORDER);
        FloatVector a300 = fromMemorySegment(SPECIES, MEMORY, start3, ORDER);
        long list = t.list;
        int end = t.end;
        for (int i = t.from; i < end; i++) {
            long at = x + MEMORY.get(JAVA_INT_UNALIGNED, list + ((long) i << 2));
            long weight = w + ((long) i << 4);
            FloatVector x00 = fromMemorySegment(SPECIES, MEMORY, at, ORDER);
            FloatVector k = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, weight));
            a000 = x00.fma(k, a000);
            k = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, weight + 4));
            a100 = x00.fma(k, a100);
            k = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, weight + 8));
            a200 = x00.fma(k, a200);
            k = broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, weight + 12));
            a300 = x00.fma(k, a300);
        }
        a000.intoMemorySegment(MEMORY, y, ORDER);
        if (t.validRows > 1) {
            long y1 = y + t.laneBytes;
            a100.intoMemorySegment(MEMORY, y1, ORDER);
        }
        if (t.validRows > 2) {
            long y2 = y + 2 * t.laneBytes;
            a200.intoMemorySegment(MEMORY, y2, ORDER);
        }
        if (t.validRows > 3) {
            long y3 = y + 3 * t.laneBytes;
            a300.intoMemorySegment(MEMORY, y3, ORDER);
        }
    }
}
