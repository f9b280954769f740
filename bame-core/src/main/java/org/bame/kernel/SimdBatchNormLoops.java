package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static org.bame.kernel.Native.LANES;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.SPECIES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner loops of the forward pass of {@link SimdBatchNorm}: raw addresses, static methods, local vectors, and no
 * helper methods on vectors (the compiler may decline to inline those, and then boxes every vector). Lanes are masked
 * bit by bit, so that no NaN survives, and {@code compare} with {@code blend} replaces {@code max}, which is slow in
 * ordering signed zeros.
 *
 * <p>A row is all channels of one pixel of one block of images; each method works on some neighbouring channels of a
 * range of rows. The numbers of a channel in a row are taken two vectors at a time (methods named for a pair), an odd
 * one alone: a loop over so few would cost more than its body. The caller goes through the pairs; so the width is the
 * distance of channels. Coefficients are interleaved, one group of numbers a channel.
 */
final class SimdBatchNormLoops {
    private static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);

    private SimdBatchNormLoops() {}

    /**
     * Adds sums of {@code x - shift} and of its square, lane by lane; a channel's shift is its first number.
     *
     * @param x first channel's pair in the first row
     * @param rows number of rows
     * @param rowBytes distance of rows
     * @param channels number of channels
     * @param widthBytes bytes of a channel in a row
     * @param mask bits that keep or drop a lane, as many as in the pair
     * @param shifts first channel's first number
     * @param sums two vectors a channel: the sum and the sum of squares
     */
    static void momentsOfPair(
            long x, int rows, long rowBytes, int channels, int widthBytes, long mask, long shifts, long sums) {
        IntVector kept0 = IntVector.fromMemorySegment(INTS, MEMORY, mask, ORDER);
        IntVector kept1 = IntVector.fromMemorySegment(INTS, MEMORY, mask + VECTOR_BYTES, ORDER);
        for (int row = 0; row < rows; row++) {
            long at = x + row * rowBytes;
            long from = shifts;
            long sum = sums;
            for (int channel = 0; channel < channels; channel++) {
                FloatVector shift = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, from));
                FloatVector x0 = FloatVector.fromMemorySegment(SPECIES, MEMORY, at, ORDER).sub(shift);
                FloatVector x1 = FloatVector.fromMemorySegment(SPECIES, MEMORY, at + VECTOR_BYTES, ORDER).sub(shift);
                x0 = x0.reinterpretAsInts().and(kept0).reinterpretAsFloats();
                x1 = x1.reinterpretAsInts().and(kept1).reinterpretAsFloats();
                FloatVector first = FloatVector.fromMemorySegment(SPECIES, MEMORY, sum, ORDER);
                FloatVector second = FloatVector.fromMemorySegment(SPECIES, MEMORY, sum + VECTOR_BYTES, ORDER);
                first.add(x0.add(x1)).intoMemorySegment(MEMORY, sum, ORDER);
                x1.fma(x1, x0.fma(x0, second)).intoMemorySegment(MEMORY, sum + VECTOR_BYTES, ORDER);
                at += widthBytes;
                from += widthBytes;
                sum += 2L * VECTOR_BYTES;
            }
        }
    }

    /** {@link #momentsOfPair} for one vector. */
    static void momentsOfOne(
            long x, int rows, long rowBytes, int channels, int widthBytes, long mask, long shifts, long sums) {
        IntVector kept = IntVector.fromMemorySegment(INTS, MEMORY, mask, ORDER);
        for (int row = 0; row < rows; row++) {
            long at = x + row * rowBytes;
            long from = shifts;
            long sum = sums;
            for (int channel = 0; channel < channels; channel++) {
                FloatVector shift = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, from));
                FloatVector x0 = FloatVector.fromMemorySegment(SPECIES, MEMORY, at, ORDER).sub(shift);
                x0 = x0.reinterpretAsInts().and(kept).reinterpretAsFloats();
                FloatVector first = FloatVector.fromMemorySegment(SPECIES, MEMORY, sum, ORDER);
                FloatVector second = FloatVector.fromMemorySegment(SPECIES, MEMORY, sum + VECTOR_BYTES, ORDER);
                first.add(x0).intoMemorySegment(MEMORY, sum, ORDER);
                x0.fma(x0, second).intoMemorySegment(MEMORY, sum + VECTOR_BYTES, ORDER);
                at += widthBytes;
                from += widthBytes;
                sum += 2L * VECTOR_BYTES;
            }
        }
    }

    /**
     * {@code out = clamp((x - mean) * scale + beta, floor, ceiling)}.
     *
     * @param coefficients mean, scale, beta of each channel, then one number of no meaning
     * @param images a bit a lane, set where it holds an image
     * @param gates receives a bit an activation, set for images where the value lies between floor and ceiling; 0 if
     *     not wanted
     */
    static void normalisePair(
            long x,
            int rows,
            long rowBytes,
            int channels,
            int widthBytes,
            long coefficients,
            float floor,
            float ceiling,
            int images,
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
                FloatVector z0 = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + at, ORDER);
                z0 = z0.sub(mean).fma(scale, beta);
                VectorMask<Float> below0 = z0.compare(VectorOperators.LE, least);
                VectorMask<Float> above0 = z0.compare(VectorOperators.GE, most);
                z0.blend(least, below0).blend(most, above0).intoMemorySegment(MEMORY, out + at, ORDER);
                FloatVector z1 = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + at + VECTOR_BYTES, ORDER);
                z1 = z1.sub(mean).fma(scale, beta);
                VectorMask<Float> below1 = z1.compare(VectorOperators.LE, least);
                VectorMask<Float> above1 = z1.compare(VectorOperators.GE, most);
                z1.blend(least, below1).blend(most, above1).intoMemorySegment(MEMORY, out + at + VECTOR_BYTES, ORDER);
                if (gates != 0) {
                    int closed = (int) below0.or(above0).toLong() | (int) below1.or(above1).toLong() << LANES;
                    if (LANES == 16) {
                        MEMORY.set(JAVA_INT_UNALIGNED, gates + (at >> 5), images & ~closed);
                    } else if (LANES == 8) {
                        MEMORY.set(JAVA_SHORT_UNALIGNED, gates + (at >> 5), (short) (images & ~closed));
                    } else {
                        MEMORY.set(ValueLayout.JAVA_BYTE, gates + (at >> 5), (byte) (images & ~closed));
                    }
                }
                at += widthBytes;
                coefficient += 16;
            }
        }
    }

    /** {@link #normalisePair} for one vector of 16 images: narrower vectors come in pairs, since 16 divides block widths. */
    static void normaliseOne(
            long x,
            int rows,
            long rowBytes,
            int channels,
            int widthBytes,
            long coefficients,
            float floor,
            float ceiling,
            int images,
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
                FloatVector z0 = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + at, ORDER);
                z0 = z0.sub(mean).fma(scale, beta);
                VectorMask<Float> below0 = z0.compare(VectorOperators.LE, least);
                VectorMask<Float> above0 = z0.compare(VectorOperators.GE, most);
                z0.blend(least, below0).blend(most, above0).intoMemorySegment(MEMORY, out + at, ORDER);
                if (gates != 0) {
                    int closed = (int) below0.or(above0).toLong();
                    MEMORY.set(JAVA_SHORT_UNALIGNED, gates + (at >> 5), (short) (images & ~closed));
                }
                at += widthBytes;
                coefficient += 16;
            }
        }
    }

    /** {@link #normalisePair} with a residual added before the clamp. */
    static void normaliseAndAddPair(
            long x,
            long residual,
            int rows,
            long rowBytes,
            int channels,
            int widthBytes,
            long coefficients,
            float floor,
            float ceiling,
            int images,
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
                FloatVector z0 = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + at, ORDER);
                z0 = z0.sub(mean).fma(scale, beta);
                z0 = z0.add(FloatVector.fromMemorySegment(SPECIES, MEMORY, residual + at, ORDER));
                VectorMask<Float> below0 = z0.compare(VectorOperators.LE, least);
                VectorMask<Float> above0 = z0.compare(VectorOperators.GE, most);
                z0.blend(least, below0).blend(most, above0).intoMemorySegment(MEMORY, out + at, ORDER);
                FloatVector z1 = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + at + VECTOR_BYTES, ORDER);
                z1 = z1.sub(mean).fma(scale, beta);
                z1 = z1.add(FloatVector.fromMemorySegment(SPECIES, MEMORY, residual + at + VECTOR_BYTES, ORDER));
                VectorMask<Float> below1 = z1.compare(VectorOperators.LE, least);
                VectorMask<Float> above1 = z1.compare(VectorOperators.GE, most);
                z1.blend(least, below1).blend(most, above1).intoMemorySegment(MEMORY, out + at + VECTOR_BYTES, ORDER);
                if (gates != 0) {
                    int closed = (int) below0.or(above0).toLong() | (int) below1.or(above1).toLong() << LANES;
                    if (LANES == 16) {
                        MEMORY.set(JAVA_INT_UNALIGNED, gates + (at >> 5), images & ~closed);
                    } else if (LANES == 8) {
                        MEMORY.set(JAVA_SHORT_UNALIGNED, gates + (at >> 5), (short) (images & ~closed));
                    } else {
                        MEMORY.set(ValueLayout.JAVA_BYTE, gates + (at >> 5), (byte) (images & ~closed));
                    }
                }
                at += widthBytes;
                coefficient += 16;
            }
        }
    }

    /** {@link #normaliseAndAddPair} for one vector, as {@link #normaliseOne}. */
    static void normaliseAndAddOne(
            long x,
            long residual,
            int rows,
            long rowBytes,
            int channels,
            int widthBytes,
            long coefficients,
            float floor,
            float ceiling,
            int images,
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
                FloatVector z0 = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + at, ORDER);
                z0 = z0.sub(mean).fma(scale, beta);
                z0 = z0.add(FloatVector.fromMemorySegment(SPECIES, MEMORY, residual + at, ORDER));
                VectorMask<Float> below0 = z0.compare(VectorOperators.LE, least);
                VectorMask<Float> above0 = z0.compare(VectorOperators.GE, most);
                z0.blend(least, below0).blend(most, above0).intoMemorySegment(MEMORY, out + at, ORDER);
                if (gates != 0) {
                    int closed = (int) below0.or(above0).toLong();
                    MEMORY.set(JAVA_SHORT_UNALIGNED, gates + (at >> 5), (short) (images & ~closed));
                }
                at += widthBytes;
                coefficient += 16;
            }
        }
    }
}
