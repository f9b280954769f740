package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static org.bame.kernel.Native.LANES;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.SPECIES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The inner loops of the backward pass of {@link SimdBatchNorm}; see {@link SimdBatchNormLoops}. */
final class SimdGradientLoops {
    private static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);

    /** Address of a vector with bit i set in lane i. */
    private static final long LANE_BITS = laneBits();

    private SimdGradientLoops() {}

    private static long laneBits() {
        long address = Arena.global().allocate(VECTOR_BYTES, VECTOR_BYTES).address();
        for (int lane = 0; lane < LANES; lane++) {
            MEMORY.set(ValueLayout.JAVA_INT, address + (long) lane * Integer.BYTES, 1 << lane);
        }
        return address;
    }

    /**
     * Adds sums of {@code dz} and of {@code dz * (x - mean)}, lane by lane.
     *
     * @param mask bits that keep or drop a lane, as many as in the pair
     * @param coefficients the mean of each channel, then three numbers of no meaning
     * @param sums two vectors a channel
     */
    static void openPair(
            long x,
            long dz,
            int rows,
            long rowBytes,
            int channels,
            int widthBytes,
            long mask,
            long coefficients,
            long sums) {
        IntVector kept0 = IntVector.fromMemorySegment(INTS, MEMORY, mask, ORDER);
        IntVector kept1 = IntVector.fromMemorySegment(INTS, MEMORY, mask + VECTOR_BYTES, ORDER);
        for (int row = 0; row < rows; row++) {
            long at = row * rowBytes;
            long coefficient = coefficients;
            long sum = sums;
            for (int channel = 0; channel < channels; channel++) {
                FloatVector mean = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient));
                FloatVector z0 = FloatVector.fromMemorySegment(SPECIES, MEMORY, dz + at, ORDER);
                z0 = z0.reinterpretAsInts().and(kept0).reinterpretAsFloats();
                FloatVector z1 = FloatVector.fromMemorySegment(SPECIES, MEMORY, dz + at + VECTOR_BYTES, ORDER);
                z1 = z1.reinterpretAsInts().and(kept1).reinterpretAsFloats();
                FloatVector first = FloatVector.fromMemorySegment(SPECIES, MEMORY, sum, ORDER);
                FloatVector second = FloatVector.fromMemorySegment(SPECIES, MEMORY, sum + VECTOR_BYTES, ORDER);
                FloatVector x0 = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + at, ORDER).sub(mean);
                FloatVector x1 = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + at + VECTOR_BYTES, ORDER).sub(mean);
                first.add(z0.add(z1)).intoMemorySegment(MEMORY, sum, ORDER);
                x1.fma(z1, x0.fma(z0, second)).intoMemorySegment(MEMORY, sum + VECTOR_BYTES, ORDER);
                at += widthBytes;
                coefficient += 16;
                sum += 2L * VECTOR_BYTES;
            }
        }
    }

    /** {@link #openPair} for one vector. */
    static void openOne(
            long x,
            long dz,
            int rows,
            long rowBytes,
            int channels,
            int widthBytes,
            long mask,
            long coefficients,
            long sums) {
        IntVector kept0 = IntVector.fromMemorySegment(INTS, MEMORY, mask, ORDER);
        for (int row = 0; row < rows; row++) {
            long at = row * rowBytes;
            long coefficient = coefficients;
            long sum = sums;
            for (int channel = 0; channel < channels; channel++) {
                FloatVector mean = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient));
                FloatVector z0 = FloatVector.fromMemorySegment(SPECIES, MEMORY, dz + at, ORDER);
                z0 = z0.reinterpretAsInts().and(kept0).reinterpretAsFloats();
                FloatVector first = FloatVector.fromMemorySegment(SPECIES, MEMORY, sum, ORDER);
                FloatVector second = FloatVector.fromMemorySegment(SPECIES, MEMORY, sum + VECTOR_BYTES, ORDER);
                FloatVector x0 = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + at, ORDER).sub(mean);
                first.add(z0).intoMemorySegment(MEMORY, sum, ORDER);
                x0.fma(z0, second).intoMemorySegment(MEMORY, sum + VECTOR_BYTES, ORDER);
                at += widthBytes;
                coefficient += 16;
                sum += 2L * VECTOR_BYTES;
            }
        }
    }

    /**
     * {@code dOut = gate ? dOut : 0}, and adds sums of the result and of its product with {@code x - mean}, lane by
     * lane. Gates of padding are closed, so no mask is needed.
     *
     * @param gates one bit an activation; a row's are {@code rowBytes / 32} bytes after those of the row before
     * @param coefficients the mean of each channel, then three numbers of no meaning
     * @param sums two vectors a channel
     */
    static void gatedPair(
            long x,
            long dOut,
            long gates,
            int rows,
            long rowBytes,
            int channels,
            int widthBytes,
            long coefficients,
            long sums) {
        IntVector laneBits = IntVector.fromMemorySegment(INTS, MEMORY, LANE_BITS, ORDER);
        IntVector zero = IntVector.zero(INTS);
        for (int row = 0; row < rows; row++) {
            long at = row * rowBytes;
            long coefficient = coefficients;
            long sum = sums;
            for (int channel = 0; channel < channels; channel++) {
                FloatVector mean = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient));
                int open = LANES == 16
                        ? MEMORY.get(JAVA_INT_UNALIGNED, gates + (at >> 5))
                        : LANES == 8
                                ? MEMORY.get(JAVA_SHORT_UNALIGNED, gates + (at >> 5))
                                : MEMORY.get(ValueLayout.JAVA_BYTE, gates + (at >> 5));
                VectorMask<Integer> closed0 = laneBits.and(open).compare(VectorOperators.EQ, zero);
                VectorMask<Integer> closed1 = laneBits.and(open >> LANES).compare(VectorOperators.EQ, zero);
                FloatVector z0 = FloatVector.fromMemorySegment(SPECIES, MEMORY, dOut + at, ORDER);
                z0 = z0.reinterpretAsInts().blend(zero, closed0).reinterpretAsFloats();
                z0.intoMemorySegment(MEMORY, dOut + at, ORDER);
                FloatVector z1 = FloatVector.fromMemorySegment(SPECIES, MEMORY, dOut + at + VECTOR_BYTES, ORDER);
                z1 = z1.reinterpretAsInts().blend(zero, closed1).reinterpretAsFloats();
                z1.intoMemorySegment(MEMORY, dOut + at + VECTOR_BYTES, ORDER);
                FloatVector first = FloatVector.fromMemorySegment(SPECIES, MEMORY, sum, ORDER);
                FloatVector second = FloatVector.fromMemorySegment(SPECIES, MEMORY, sum + VECTOR_BYTES, ORDER);
                FloatVector x0 = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + at, ORDER).sub(mean);
                FloatVector x1 = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + at + VECTOR_BYTES, ORDER).sub(mean);
                first.add(z0.add(z1)).intoMemorySegment(MEMORY, sum, ORDER);
                x1.fma(z1, x0.fma(z0, second)).intoMemorySegment(MEMORY, sum + VECTOR_BYTES, ORDER);
                at += widthBytes;
                coefficient += 16;
                sum += 2L * VECTOR_BYTES;
            }
        }
    }

    /** {@link #gatedPair} for one vector of 16 images, as {@link SimdBatchNormLoops#normaliseOne}. */
    static void gatedOne(
            long x,
            long dOut,
            long gates,
            int rows,
            long rowBytes,
            int channels,
            int widthBytes,
            long coefficients,
            long sums) {
        IntVector laneBits = IntVector.fromMemorySegment(INTS, MEMORY, LANE_BITS, ORDER);
        IntVector zero = IntVector.zero(INTS);
        for (int row = 0; row < rows; row++) {
            long at = row * rowBytes;
            long coefficient = coefficients;
            long sum = sums;
            for (int channel = 0; channel < channels; channel++) {
                FloatVector mean = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient));
                int open = MEMORY.get(JAVA_SHORT_UNALIGNED, gates + (at >> 5));
                VectorMask<Integer> closed0 = laneBits.and(open).compare(VectorOperators.EQ, zero);
                FloatVector z0 = FloatVector.fromMemorySegment(SPECIES, MEMORY, dOut + at, ORDER);
                z0 = z0.reinterpretAsInts().blend(zero, closed0).reinterpretAsFloats();
                z0.intoMemorySegment(MEMORY, dOut + at, ORDER);
                FloatVector first = FloatVector.fromMemorySegment(SPECIES, MEMORY, sum, ORDER);
                FloatVector second = FloatVector.fromMemorySegment(SPECIES, MEMORY, sum + VECTOR_BYTES, ORDER);
                FloatVector x0 = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + at, ORDER).sub(mean);
                first.add(z0).intoMemorySegment(MEMORY, sum, ORDER);
                x0.fma(z0, second).intoMemorySegment(MEMORY, sum + VECTOR_BYTES, ORDER);
                at += widthBytes;
                coefficient += 16;
                sum += 2L * VECTOR_BYTES;
            }
        }
    }

    /**
     * {@code dx = scale * dz - offset - slope * (x - mean)}.
     *
     * @param mask bits that keep or drop a lane, as many as in the pair
     * @param coefficients mean, scale, offset and slope of each channel
     * @param dx may be {@code dz}
     */
    static void gradientOfPair(
            long x,
            long dz,
            int rows,
            long rowBytes,
            int channels,
            int widthBytes,
            long mask,
            long coefficients,
            long dx) {
        IntVector kept0 = IntVector.fromMemorySegment(INTS, MEMORY, mask, ORDER);
        IntVector kept1 = IntVector.fromMemorySegment(INTS, MEMORY, mask + VECTOR_BYTES, ORDER);
        for (int row = 0; row < rows; row++) {
            long at = row * rowBytes;
            long coefficient = coefficients;
            for (int channel = 0; channel < channels; channel++) {
                FloatVector mean = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient));
                FloatVector scale = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient + 4));
                FloatVector offset = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient + 8));
                FloatVector slope = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient + 12));
                FloatVector x0 = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + at, ORDER).sub(mean);
                FloatVector z0 = FloatVector.fromMemorySegment(SPECIES, MEMORY, dz + at, ORDER);
                z0 = z0.mul(scale).sub(offset).sub(x0.mul(slope));
                z0 = z0.reinterpretAsInts().and(kept0).reinterpretAsFloats();
                z0.intoMemorySegment(MEMORY, dx + at, ORDER);
                FloatVector x1 = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + at + VECTOR_BYTES, ORDER).sub(mean);
                FloatVector z1 = FloatVector.fromMemorySegment(SPECIES, MEMORY, dz + at + VECTOR_BYTES, ORDER);
                z1 = z1.mul(scale).sub(offset).sub(x1.mul(slope));
                z1 = z1.reinterpretAsInts().and(kept1).reinterpretAsFloats();
                z1.intoMemorySegment(MEMORY, dx + at + VECTOR_BYTES, ORDER);
                at += widthBytes;
                coefficient += 16;
            }
        }
    }

    /** {@link #gradientOfPair} for one vector. */
    static void gradientOfOne(
            long x,
            long dz,
            int rows,
            long rowBytes,
            int channels,
            int widthBytes,
            long mask,
            long coefficients,
            long dx) {
        IntVector kept0 = IntVector.fromMemorySegment(INTS, MEMORY, mask, ORDER);
        for (int row = 0; row < rows; row++) {
            long at = row * rowBytes;
            long coefficient = coefficients;
            for (int channel = 0; channel < channels; channel++) {
                FloatVector mean = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient));
                FloatVector scale = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient + 4));
                FloatVector offset = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient + 8));
                FloatVector slope = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient + 12));
                FloatVector x0 = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + at, ORDER).sub(mean);
                FloatVector z0 = FloatVector.fromMemorySegment(SPECIES, MEMORY, dz + at, ORDER);
                z0 = z0.mul(scale).sub(offset).sub(x0.mul(slope));
                z0 = z0.reinterpretAsInts().and(kept0).reinterpretAsFloats();
                z0.intoMemorySegment(MEMORY, dx + at, ORDER);
                at += widthBytes;
                coefficient += 16;
            }
        }
    }
}
