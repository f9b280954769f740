package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.SPECIES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * The inner loops of {@link SimdBatchNorm}: raw addresses, static methods, local vectors, and no helper methods on
 * vectors (the compiler may decline to inline those, and then boxes every vector). Lanes are masked bit by bit, so that
 * no NaN survives, and {@code compare} with {@code blend} replaces {@code max}, which is slow in ordering signed zeros.
 *
 * <p>A row is all channels of one pixel of one block of images; each method works on some neighbouring channels of a
 * range of rows. Coefficients are interleaved, one group of numbers a channel.
 */
final class SimdBatchNormLoops {
    /** Last lane of a word of {@link Gates}, and last byte of its activations. */
    private static final int LAST_BIT = 15;
    private static final int LAST_BYTE = 63;

    private SimdBatchNormLoops() {}

    /**
     * Adds sums of {@code x - shift} and of its square, lane by lane; a channel's shift is its first number.
     *
     * @param x first channel's numbers in the first row
     * @param rows number of rows
     * @param rowBytes distance of rows
     * @param channels number of channels
     * @param widthBytes bytes of a channel in a row
     * @param mask {@code widthBytes} bits that keep or drop a lane
     * @param sums two vectors a channel: the sum and the sum of squares
     */
    static void moments(
            long x, int rows, long rowBytes, int channels, int widthBytes, long mask, long sums) {
        for (int row = 0; row < rows; row++) {
            long from = x + row * rowBytes;
            long shifts = x;
            long sum = sums;
            for (int channel = 0; channel < channels; channel++) {
                FloatVector shift = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, shifts));
                FloatVector first = FloatVector.fromMemorySegment(SPECIES, MEMORY, sum, ORDER);
                FloatVector second = FloatVector.fromMemorySegment(SPECIES, MEMORY, sum + VECTOR_BYTES, ORDER);
                for (int v = 0; v < widthBytes; v += VECTOR_BYTES) {
                    IntVector kept =
                            FloatVector.fromMemorySegment(SPECIES, MEMORY, mask + v, ORDER).reinterpretAsInts();
                    FloatVector deviation =
                            FloatVector.fromMemorySegment(SPECIES, MEMORY, from + v, ORDER).sub(shift);
                    deviation = deviation.reinterpretAsInts().and(kept).reinterpretAsFloats();
                    first = first.add(deviation);
                    second = deviation.fma(deviation, second);
                }
                first.intoMemorySegment(MEMORY, sum, ORDER);
                second.intoMemorySegment(MEMORY, sum + VECTOR_BYTES, ORDER);
                from += widthBytes;
                shifts += widthBytes;
                sum += 2L * VECTOR_BYTES;
            }
        }
    }

    /**
     * {@code out = clamp((x - mean) * scale + beta, floor, ceiling)}.
     *
     * @param coefficients mean, scale, beta of each channel, then one number of no meaning
     * @param images bits of the lanes that hold images
     * @param gates receives a bit an activation, set for images where the value lies between floor and ceiling; 0 if
     *     not wanted
     */
    static void normalise(
            long x,
            int rows,
            long rowBytes,
            int channels,
            int widthBytes,
            long coefficients,
            float floor,
            float ceiling,
            long images,
            long gates,
            long out) {
        FloatVector least = FloatVector.broadcast(SPECIES, floor);
        FloatVector most = FloatVector.broadcast(SPECIES, ceiling);
        for (int row = 0; row < rows; row++) {
            long at = row * rowBytes;
            long coefficient = coefficients;
            for (int channel = 0; channel < channels; channel++) {
                FloatVector mean = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient));
                FloatVector scale = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient + 4));
                FloatVector beta = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient + 8));
                int closed = 0;
                for (int v = 0; v < widthBytes; v += VECTOR_BYTES) {
                    FloatVector value = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + at + v, ORDER);
                    value = value.sub(mean).fma(scale, beta);
                    VectorMask<Float> below = value.compare(VectorOperators.LE, least);
                    VectorMask<Float> above = value.compare(VectorOperators.GE, most);
                    value.blend(least, below).blend(most, above).intoMemorySegment(MEMORY, out + at + v, ORDER);
                    if (gates != 0) {
                        closed |= (int) below.or(above).toLong() << (v >> 2 & LAST_BIT);
                        if ((v + VECTOR_BYTES & LAST_BYTE) == 0) {
                            int open = MEMORY.get(JAVA_SHORT_UNALIGNED, images + (v >> 6 << 1)) & ~closed;
                            MEMORY.set(JAVA_SHORT_UNALIGNED, gates + (at + v >> 6 << 1), (short) open);
                            closed = 0;
                        }
                    }
                }
                at += widthBytes;
                coefficient += 16;
            }
        }
    }

    /** {@link #normalise} with a residual added before the clamp. */
    static void normaliseAndAdd(
            long x,
            long residual,
            int rows,
            long rowBytes,
            int channels,
            int widthBytes,
            long coefficients,
            float floor,
            float ceiling,
            long images,
            long gates,
            long out) {
        FloatVector least = FloatVector.broadcast(SPECIES, floor);
        FloatVector most = FloatVector.broadcast(SPECIES, ceiling);
        for (int row = 0; row < rows; row++) {
            long at = row * rowBytes;
            long coefficient = coefficients;
            for (int channel = 0; channel < channels; channel++) {
                FloatVector mean = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient));
                FloatVector scale = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient + 4));
                FloatVector beta = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient + 8));
                int closed = 0;
                for (int v = 0; v < widthBytes; v += VECTOR_BYTES) {
                    FloatVector value = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + at + v, ORDER);
                    value = value.sub(mean).fma(scale, beta);
                    value = value.add(FloatVector.fromMemorySegment(SPECIES, MEMORY, residual + at + v, ORDER));
                    VectorMask<Float> below = value.compare(VectorOperators.LE, least);
                    VectorMask<Float> above = value.compare(VectorOperators.GE, most);
                    value.blend(least, below).blend(most, above).intoMemorySegment(MEMORY, out + at + v, ORDER);
                    if (gates != 0) {
                        closed |= (int) below.or(above).toLong() << (v >> 2 & LAST_BIT);
                        if ((v + VECTOR_BYTES & LAST_BYTE) == 0) {
                            int open = MEMORY.get(JAVA_SHORT_UNALIGNED, images + (v >> 6 << 1)) & ~closed;
                            MEMORY.set(JAVA_SHORT_UNALIGNED, gates + (at + v >> 6 << 1), (short) open);
                            closed = 0;
                        }
                    }
                }
                at += widthBytes;
                coefficient += 16;
            }
        }
    }
}
