package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.SPECIES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
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
    private SimdBatchNormLoops() {}

    /**
     * Adds sums of {@code x - shift} and of its square, lane by lane.
     *
     * @param x first channel's numbers in the first row
     * @param rows number of rows
     * @param rowBytes distance of rows
     * @param channels number of channels
     * @param widthBytes bytes of a channel in a row
     * @param mask {@code widthBytes} bits that keep or drop a lane
     * @param shifts one number a channel
     * @param sums two vectors a channel: the sum and the sum of squares
     */
    static void moments(
            long x, int rows, long rowBytes, int channels, int widthBytes, long mask, long shifts, long sums) {
        for (int row = 0; row < rows; row++) {
            long from = x + row * rowBytes;
            long sum = sums;
            for (int channel = 0; channel < channels; channel++) {
                FloatVector shift = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, shifts + 4L
                        * channel));
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
                sum += 2L * VECTOR_BYTES;
            }
        }
    }

    /**
     * {@code out = clamp((x - mean) * scale + beta, floor, ceiling)}.
     *
     * @param coefficients mean, scale, beta of each channel, then one number of no meaning
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
                for (int v = 0; v < widthBytes; v += VECTOR_BYTES) {
                    FloatVector value = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + at + v, ORDER);
                    value = value.sub(mean).fma(scale, beta);
                    value = value.blend(least, value.compare(VectorOperators.LT, least));
                    value = value.blend(most, value.compare(VectorOperators.GT, most));
                    value.intoMemorySegment(MEMORY, out + at + v, ORDER);
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
                for (int v = 0; v < widthBytes; v += VECTOR_BYTES) {
                    FloatVector value = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + at + v, ORDER);
                    value = value.sub(mean).fma(scale, beta);
                    value = value.add(FloatVector.fromMemorySegment(SPECIES, MEMORY, residual + at + v, ORDER));
                    value = value.blend(least, value.compare(VectorOperators.LT, least));
                    value = value.blend(most, value.compare(VectorOperators.GT, most));
                    value.intoMemorySegment(MEMORY, out + at + v, ORDER);
                }
                at += widthBytes;
                coefficient += 16;
            }
        }
    }

    /**
     * {@code dOut = floor < gate < ceiling ? dOut : 0}, and adds sums of the result and of its product with
     * {@code x - mean}, lane by lane.
     *
     * @param coefficients the mean of each channel, then three numbers of no meaning
     * @param sums two vectors a channel
     */
    static void gradientSums(
            long x,
            long gate,
            float floor,
            float ceiling,
            long dOut,
            int rows,
            long rowBytes,
            int channels,
            int widthBytes,
            long mask,
            long coefficients,
            long sums) {
        FloatVector least = FloatVector.broadcast(SPECIES, floor);
        FloatVector most = FloatVector.broadcast(SPECIES, ceiling);
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int row = 0; row < rows; row++) {
            long at = row * rowBytes;
            long coefficient = coefficients;
            long sum = sums;
            for (int channel = 0; channel < channels; channel++) {
                FloatVector mean = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient));
                FloatVector first = FloatVector.fromMemorySegment(SPECIES, MEMORY, sum, ORDER);
                FloatVector second = FloatVector.fromMemorySegment(SPECIES, MEMORY, sum + VECTOR_BYTES, ORDER);
                for (int v = 0; v < widthBytes; v += VECTOR_BYTES) {
                    IntVector kept =
                            FloatVector.fromMemorySegment(SPECIES, MEMORY, mask + v, ORDER).reinterpretAsInts();
                    FloatVector gates = FloatVector.fromMemorySegment(SPECIES, MEMORY, gate + at + v, ORDER);
                    FloatVector dz = FloatVector.fromMemorySegment(SPECIES, MEMORY, dOut + at + v, ORDER);
                    dz = zero.blend(dz, gates.compare(VectorOperators.GT, least));
                    dz = zero.blend(dz, gates.compare(VectorOperators.LT, most));
                    dz = dz.reinterpretAsInts().and(kept).reinterpretAsFloats();
                    dz.intoMemorySegment(MEMORY, dOut + at + v, ORDER);
                    first = first.add(dz);
                    second = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + at + v, ORDER)
                            .sub(mean)
                            .fma(dz, second);
                }
                first.intoMemorySegment(MEMORY, sum, ORDER);
                second.intoMemorySegment(MEMORY, sum + VECTOR_BYTES, ORDER);
                at += widthBytes;
                coefficient += 16;
                sum += 2L * VECTOR_BYTES;
            }
        }
    }

    /**
     * {@code dx = scale * dz - offset - slope * (x - mean)}.
     *
     * @param coefficients mean, scale, offset and slope of each channel
     * @param dx may be {@code dz}
     */
    static void gradient(
            long x,
            long dz,
            int rows,
            long rowBytes,
            int channels,
            int widthBytes,
            long mask,
            long coefficients,
            long dx) {
        for (int row = 0; row < rows; row++) {
            long at = row * rowBytes;
            long coefficient = coefficients;
            for (int channel = 0; channel < channels; channel++) {
                FloatVector mean = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient));
                FloatVector scale = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient + 4));
                FloatVector offset = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient + 8));
                FloatVector slope = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient + 12));
                for (int v = 0; v < widthBytes; v += VECTOR_BYTES) {
                    IntVector kept =
                            FloatVector.fromMemorySegment(SPECIES, MEMORY, mask + v, ORDER).reinterpretAsInts();
                    FloatVector centred = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + at + v, ORDER);
                    centred = centred.sub(mean).mul(slope);
                    FloatVector result = FloatVector.fromMemorySegment(SPECIES, MEMORY, dz + at + v, ORDER);
                    result = result.mul(scale).sub(offset).sub(centred);
                    result = result.reinterpretAsInts().and(kept).reinterpretAsFloats();
                    result.intoMemorySegment(MEMORY, dx + at + v, ORDER);
                }
                at += widthBytes;
                coefficient += 16;
            }
        }
    }
}
