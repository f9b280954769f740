package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.SPECIES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The passes of {@link SimdBatchNormLoops} that differ for {@link Activation#HARD_SWISH}. */
final class SimdHardSwishLoops {
    private SimdHardSwishLoops() {}

    /**
     * {@code out = z * clamp(z + 3, 0, 6) / 6} with {@code z = (x - mean) * scale + beta}.
     *
     * @param coefficients mean, scale, beta of each channel, then one number of no meaning
     */
    static void normalise(
            long x, int rows, long rowBytes, int channels, int widthBytes, long coefficients, long out) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector six = FloatVector.broadcast(SPECIES, 6);
        for (int row = 0; row < rows; row++) {
            long at = row * rowBytes;
            long coefficient = coefficients;
            for (int channel = 0; channel < channels; channel++) {
                FloatVector mean = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient));
                FloatVector scale = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient + 4));
                FloatVector beta = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient + 8));
                for (int v = 0; v < widthBytes; v += VECTOR_BYTES) {
                    FloatVector z = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + at + v, ORDER);
                    z = z.sub(mean).fma(scale, beta);
                    FloatVector part = z.add(3);
                    part = part.blend(zero, part.compare(VectorOperators.LT, zero));
                    part = part.blend(six, part.compare(VectorOperators.GT, six));
                    z.mul(part).mul(1f / 6).intoMemorySegment(MEMORY, out + at + v, ORDER);
                }
                at += widthBytes;
                coefficient += 16;
            }
        }
    }

    /**
     * {@code dOut = dOut * slope(z)}, and adds sums of the result and of its product with {@code x - mean}, lane by
     * lane.
     *
     * @param coefficients mean, scale, beta of each channel, then one number of no meaning
     * @param sums two vectors a channel
     */
    static void gradientSums(
            long x,
            long dOut,
            int rows,
            long rowBytes,
            int channels,
            int widthBytes,
            int laneBytes,
            long mask,
            long coefficients,
            long sums) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
        FloatVector third = FloatVector.broadcast(SPECIES, 1f / 3);
        for (int row = 0; row < rows; row++) {
            long at = row * rowBytes;
            long coefficient = coefficients;
            long sum = sums;
            for (int channel = 0; channel < channels; channel++) {
                FloatVector mean = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient));
                FloatVector scale = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient + 4));
                FloatVector beta = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, coefficient + 8));
                FloatVector first = FloatVector.fromMemorySegment(SPECIES, MEMORY, sum, ORDER);
                FloatVector second = FloatVector.fromMemorySegment(SPECIES, MEMORY, sum + VECTOR_BYTES, ORDER);
                for (int v = 0; v < laneBytes; v += VECTOR_BYTES) {
                    IntVector kept =
                            FloatVector.fromMemorySegment(SPECIES, MEMORY, mask + v, ORDER).reinterpretAsInts();
                    FloatVector centred = FloatVector.fromMemorySegment(SPECIES, MEMORY, x + at + v, ORDER).sub(mean);
                    FloatVector z = centred.fma(scale, beta);
                    FloatVector slope = z.fma(third, half);
                    slope = slope.blend(zero, z.compare(VectorOperators.LE, -3f));
                    slope = slope.blend(one, z.compare(VectorOperators.GE, 3f));
                    FloatVector dz = FloatVector.fromMemorySegment(SPECIES, MEMORY, dOut + at + v, ORDER).mul(slope);
                    dz = dz.reinterpretAsInts().and(kept).reinterpretAsFloats();
                    dz.intoMemorySegment(MEMORY, dOut + at + v, ORDER);
                    first = first.add(dz);
                    second = centred.fma(dz, second);
                }
                first.intoMemorySegment(MEMORY, sum, ORDER);
                second.intoMemorySegment(MEMORY, sum + VECTOR_BYTES, ORDER);
                at += widthBytes;
                coefficient += 16;
                sum += 2L * VECTOR_BYTES;
            }
        }
    }
}
