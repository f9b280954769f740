package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
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
        for (int lane = 0; lane < Native.LANES; lane++) {
            MEMORY.set(ValueLayout.JAVA_INT, address + (long) lane * Integer.BYTES, 1 << lane);
        }
        return address;
    }

    /**
     * Adds sums of {@code dz} and of {@code dz * (x - mean)}, lane by lane.
     *
     * @param mask {@code widthBytes} bits that keep or drop a lane
     * @param coefficients the mean of each channel, then three numbers of no meaning
     * @param sums two vectors a channel
     */
    static void open(
            long x,
            long dz,
            int rows,
            long rowBytes,
            int channels,
            int widthBytes,
            long mask,
            long coefficients,
            long sums) {
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
                    FloatVector gradient = FloatVector.fromMemorySegment(SPECIES, MEMORY, dz + at + v, ORDER);
                    gradient = gradient.reinterpretAsInts().and(kept).reinterpretAsFloats();
                    first = first.add(gradient);
                    second = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + at + v, ORDER)
                            .sub(mean)
                            .fma(gradient, second);
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
     * {@code dOut = gate ? dOut : 0}, and adds sums of the result and of its product with {@code x - mean}, lane by
     * lane. Gates of padding are closed, so no mask is needed.
     *
     * @param gates one bit an activation; a row's are {@code rowBytes / 32} bytes after those of the row before
     * @param coefficients the mean of each channel, then three numbers of no meaning
     * @param sums two vectors a channel
     */
    static void gated(
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
                FloatVector first = FloatVector.fromMemorySegment(SPECIES, MEMORY, sum, ORDER);
                FloatVector second = FloatVector.fromMemorySegment(SPECIES, MEMORY, sum + VECTOR_BYTES, ORDER);
                for (int v = 0; v < widthBytes; v += VECTOR_BYTES) {
                    int open = MEMORY.get(JAVA_SHORT_UNALIGNED, gates + (at + v >> 6 << 1)) >> (v >> 2 & 15);
                    VectorMask<Integer> closed = laneBits.and(open).compare(VectorOperators.EQ, zero);
                    FloatVector dz = FloatVector.fromMemorySegment(SPECIES, MEMORY, dOut + at + v, ORDER);
                    dz = dz.reinterpretAsInts().blend(zero, closed).reinterpretAsFloats();
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
