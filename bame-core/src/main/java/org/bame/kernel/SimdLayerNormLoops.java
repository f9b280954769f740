package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.SPECIES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * The inner loops of {@link SimdLayerNorm}: one vector of images of one pixel, over its channels. Sums need no sum over
 * lanes, since every image has its own. Two passes for the moments, because one would cancel where a mean is large
 * against the deviation; the numbers of a pixel are still in the cache for the second.
 */
final class SimdLayerNormLoops {
    private SimdLayerNormLoops() {}

    /**
     * Writes the mean.
     *
     * @param x the first channel's vector
     * @param widthBytes distance of channels
     * @param share 1 / channels
     */
    static void mean(long x, int channels, long widthBytes, float share, long mean) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int channel = 0; channel < channels; channel++) {
            sum = sum.add(FloatVector.fromMemorySegment(SPECIES, MEMORY, x, ORDER));
            x += widthBytes;
        }
        sum.mul(share).intoMemorySegment(MEMORY, mean, ORDER);
    }

    /** Writes {@code 1 / sqrt(variance + epsilon)}. */
    static void inverseDeviation(
            long x, int channels, long widthBytes, float share, float epsilon, long mean, long inverse) {
        FloatVector centre = FloatVector.fromMemorySegment(SPECIES, MEMORY, mean, ORDER);
        FloatVector squares = FloatVector.zero(SPECIES);
        for (int channel = 0; channel < channels; channel++) {
            FloatVector deviation = FloatVector.fromMemorySegment(SPECIES, MEMORY, x, ORDER).sub(centre);
            squares = deviation.fma(deviation, squares);
            x += widthBytes;
        }
        FloatVector root = squares.mul(share).add(epsilon).sqrt();
        FloatVector.broadcast(SPECIES, 1).div(root).intoMemorySegment(MEMORY, inverse, ORDER);
    }

    /** {@code out = gamma * (x - mean) * inverse + beta}. */
    static void normalise(
            long x, int channels, long widthBytes, long mean, long inverse, long gamma, long beta, long out) {
        FloatVector centre = FloatVector.fromMemorySegment(SPECIES, MEMORY, mean, ORDER);
        FloatVector scale = FloatVector.fromMemorySegment(SPECIES, MEMORY, inverse, ORDER);
        for (int channel = 0; channel < channels; channel++) {
            FloatVector g = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, gamma));
            FloatVector b = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, beta));
            FloatVector value = FloatVector.fromMemorySegment(SPECIES, MEMORY, x, ORDER).sub(centre).mul(scale);
            value.fma(g, b).intoMemorySegment(MEMORY, out, ORDER);
            x += widthBytes;
            out += widthBytes;
            gamma += Float.BYTES;
            beta += Float.BYTES;
        }
    }

    /**
     * Means over the channels of {@code gamma * dOut} and {@code gamma * dOut * normalised}; adds {@code dOut *
     * normalised} and {@code dOut} to sums of each channel, lane by lane.
     *
     * @param mask one vector of bits that keep or drop a lane of {@code dOut}
     * @param means receives two vectors
     * @param sums two vectors a channel
     */
    static void gradientSums(
            long x,
            long dOut,
            int channels,
            long widthBytes,
            float share,
            long mask,
            long mean,
            long inverse,
            long gamma,
            long means,
            long sums) {
        IntVector kept = FloatVector.fromMemorySegment(SPECIES, MEMORY, mask, ORDER).reinterpretAsInts();
        FloatVector centre = FloatVector.fromMemorySegment(SPECIES, MEMORY, mean, ORDER);
        FloatVector scale = FloatVector.fromMemorySegment(SPECIES, MEMORY, inverse, ORDER);
        FloatVector sum = FloatVector.zero(SPECIES);
        FloatVector sumNormalised = FloatVector.zero(SPECIES);
        for (int channel = 0; channel < channels; channel++) {
            FloatVector g = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, gamma));
            FloatVector dz = FloatVector.fromMemorySegment(SPECIES, MEMORY, dOut, ORDER);
            dz = dz.reinterpretAsInts().and(kept).reinterpretAsFloats();
            FloatVector normalised =
                    FloatVector.fromMemorySegment(SPECIES, MEMORY, x, ORDER).sub(centre).mul(scale);
            FloatVector gammaSum = FloatVector.fromMemorySegment(SPECIES, MEMORY, sums, ORDER);
            FloatVector betaSum = FloatVector.fromMemorySegment(SPECIES, MEMORY, sums + VECTOR_BYTES, ORDER);
            dz.fma(normalised, gammaSum).intoMemorySegment(MEMORY, sums, ORDER);
            betaSum.add(dz).intoMemorySegment(MEMORY, sums + VECTOR_BYTES, ORDER);
            FloatVector weighted = dz.mul(g);
            sum = sum.add(weighted);
            sumNormalised = weighted.fma(normalised, sumNormalised);
            x += widthBytes;
            dOut += widthBytes;
            gamma += Float.BYTES;
            sums += 2L * VECTOR_BYTES;
        }
        sum.mul(share).intoMemorySegment(MEMORY, means, ORDER);
        sumNormalised.mul(share).intoMemorySegment(MEMORY, means + VECTOR_BYTES, ORDER);
    }

    /** {@code dx = inverse * (gamma * dOut - means 0 - normalised * means 1)}, 0 where the mask drops a lane. */
    static void gradient(
            long x,
            long dOut,
            int channels,
            long widthBytes,
            long mask,
            long mean,
            long inverse,
            long gamma,
            long means,
            long dx) {
        IntVector kept = FloatVector.fromMemorySegment(SPECIES, MEMORY, mask, ORDER).reinterpretAsInts();
        FloatVector centre = FloatVector.fromMemorySegment(SPECIES, MEMORY, mean, ORDER);
        FloatVector scale = FloatVector.fromMemorySegment(SPECIES, MEMORY, inverse, ORDER);
        FloatVector offset = FloatVector.fromMemorySegment(SPECIES, MEMORY, means, ORDER);
        FloatVector slope = FloatVector.fromMemorySegment(SPECIES, MEMORY, means + VECTOR_BYTES, ORDER);
        for (int channel = 0; channel < channels; channel++) {
            FloatVector g = FloatVector.broadcast(SPECIES, MEMORY.get(JAVA_FLOAT_UNALIGNED, gamma));
            FloatVector normalised =
                    FloatVector.fromMemorySegment(SPECIES, MEMORY, x, ORDER).sub(centre).mul(scale);
            FloatVector change = FloatVector.fromMemorySegment(SPECIES, MEMORY, dOut, ORDER).mul(g).sub(offset);
            change = change.sub(normalised.mul(slope)).mul(scale);
            change.reinterpretAsInts().and(kept).reinterpretAsFloats().intoMemorySegment(MEMORY, dx, ORDER);
            x += widthBytes;
            dOut += widthBytes;
            dx += widthBytes;
            gamma += Float.BYTES;
        }
    }
}
