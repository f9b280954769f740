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
 * range of rows. Parameters are interleaved, one group of numbers a channel.
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
     * {@code out = max(floor, (x - mean) * scale + beta)}.
     *
     * @param parameters mean, scale, beta of each channel, then one number of no meaning
     */
    static void normalise(
            long x, int rows, long rowBytes, int channels, int widthBytes, long parameters, float floor, long out) {
        FloatVector least = FloatVector.broadcast(SPECIES, floor);
        for (int row = 0; row < rows; row++) {
            long at = row * rowBytes;
            long parameter = parameters;
            for (int channel = 0; channel < channels; channel++) {
                FloatVector mean = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, parameter));
                FloatVector scale = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, parameter + 4));
                FloatVector beta = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, parameter + 8));
                for (int v = 0; v < widthBytes; v += VECTOR_BYTES) {
                    FloatVector value = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + at + v, ORDER);
                    value = value.sub(mean).fma(scale, beta);
                    value = value.blend(least, value.compare(VectorOperators.LT, least));
                    value.intoMemorySegment(MEMORY, out + at + v, ORDER);
                }
                at += widthBytes;
                parameter += 16;
            }
        }
    }

    /** {@link #normalise} with a residual: {@code out = max(floor, (x - mean) * scale + beta + residual)}. */
    static void normaliseAndAdd(
            long x,
            long residual,
            int rows,
            long rowBytes,
            int channels,
            int widthBytes,
            long parameters,
            float floor,
            long out) {
        FloatVector least = FloatVector.broadcast(SPECIES, floor);
        for (int row = 0; row < rows; row++) {
            long at = row * rowBytes;
            long parameter = parameters;
            for (int channel = 0; channel < channels; channel++) {
                FloatVector mean = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, parameter));
                FloatVector scale = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, parameter + 4));
                FloatVector beta = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, parameter + 8));
                for (int v = 0; v < widthBytes; v += VECTOR_BYTES) {
                    FloatVector value = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + at + v, ORDER);
                    value = value.sub(mean).fma(scale, beta);
                    value = value.add(FloatVector.fromMemorySegment(SPECIES, MEMORY, residual + at + v, ORDER));
                    value = value.blend(least, value.compare(VectorOperators.LT, least));
                    value.intoMemorySegment(MEMORY, out + at + v, ORDER);
                }
                at += widthBytes;
                parameter += 16;
            }
        }
    }

    /**
     * Adds sums of {@code dz} and of {@code dz * (x - mean)}, lane by lane, with
     * {@code dz = gate > threshold ? dOut : 0}.
     *
     * @param parameters the mean of each channel, then three numbers of no meaning
     * @param sums two vectors a channel
     */
    static void gradientSums(
            long x,
            long gate,
            float threshold,
            long dOut,
            int rows,
            long rowBytes,
            int channels,
            int widthBytes,
            long mask,
            long parameters,
            long sums) {
        FloatVector open = FloatVector.broadcast(SPECIES, threshold);
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int row = 0; row < rows; row++) {
            long at = row * rowBytes;
            long parameter = parameters;
            long sum = sums;
            for (int channel = 0; channel < channels; channel++) {
                FloatVector mean = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, parameter));
                FloatVector first = FloatVector.fromMemorySegment(SPECIES, MEMORY, sum, ORDER);
                FloatVector second = FloatVector.fromMemorySegment(SPECIES, MEMORY, sum + VECTOR_BYTES, ORDER);
                for (int v = 0; v < widthBytes; v += VECTOR_BYTES) {
                    IntVector kept =
                            FloatVector.fromMemorySegment(SPECIES, MEMORY, mask + v, ORDER).reinterpretAsInts();
                    FloatVector gates = FloatVector.fromMemorySegment(SPECIES, MEMORY, gate + at + v, ORDER);
                    FloatVector dz = FloatVector.fromMemorySegment(SPECIES, MEMORY, dOut + at + v, ORDER);
                    dz = zero.blend(dz, gates.compare(VectorOperators.GT, open));
                    dz = dz.reinterpretAsInts().and(kept).reinterpretAsFloats();
                    first = first.add(dz);
                    second = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + at + v, ORDER)
                            .sub(mean)
                            .fma(dz, second);
                }
                first.intoMemorySegment(MEMORY, sum, ORDER);
                second.intoMemorySegment(MEMORY, sum + VECTOR_BYTES, ORDER);
                at += widthBytes;
                parameter += 16;
                sum += 2L * VECTOR_BYTES;
            }
        }
    }

    /**
     * {@code dx = scale * dz - offset - slope * (x - mean)} and, if wanted, {@code dResidual = dz}.
     *
     * @param parameters mean, scale, offset and slope of each channel
     * @param dResidual 0 if not wanted; may be {@code dOut}
     */
    static void gradient(
            long x,
            long gate,
            float threshold,
            long dOut,
            int rows,
            long rowBytes,
            int channels,
            int widthBytes,
            long mask,
            long parameters,
            long dx,
            long dResidual) {
        FloatVector open = FloatVector.broadcast(SPECIES, threshold);
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int row = 0; row < rows; row++) {
            long at = row * rowBytes;
            long parameter = parameters;
            for (int channel = 0; channel < channels; channel++) {
                FloatVector mean = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, parameter));
                FloatVector scale = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, parameter + 4));
                FloatVector offset = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, parameter + 8));
                FloatVector slope = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, parameter + 12));
                for (int v = 0; v < widthBytes; v += VECTOR_BYTES) {
                    IntVector kept =
                            FloatVector.fromMemorySegment(SPECIES, MEMORY, mask + v, ORDER).reinterpretAsInts();
                    FloatVector gates = FloatVector.fromMemorySegment(SPECIES, MEMORY, gate + at + v, ORDER);
                    FloatVector dz = FloatVector.fromMemorySegment(SPECIES, MEMORY, dOut + at + v, ORDER);
                    dz = zero.blend(dz, gates.compare(VectorOperators.GT, open));
                    dz = dz.reinterpretAsInts().and(kept).reinterpretAsFloats();
                    FloatVector centred = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + at + v, ORDER);
                    centred = centred.sub(mean).mul(slope);
                    FloatVector result = dz.mul(scale).sub(offset).sub(centred);
                    result = result.reinterpretAsInts().and(kept).reinterpretAsFloats();
                    result.intoMemorySegment(MEMORY, dx + at + v, ORDER);
                    if (dResidual != 0) {
                        dz.intoMemorySegment(MEMORY, dResidual + at + v, ORDER);
                    }
                }
                at += widthBytes;
                parameter += 16;
            }
        }
    }
}
