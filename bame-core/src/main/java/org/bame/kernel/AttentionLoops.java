package org.bame.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static org.bame.kernel.Native.MEMORY;
import static org.bame.kernel.Native.ORDER;
import static org.bame.kernel.Native.SPECIES;
import static org.bame.kernel.Native.VECTOR_BYTES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** The inner loops of {@link SimdAttention} but its products: one vector of images, steps in bytes. */
final class AttentionLoops {
    private AttentionLoops() {}

    /**
     * Copies vectors, times a factor; lanes that the mask drops become 0.
     *
     * @param mask one vector of bits
     */
    static void copy(long from, long fromStep, int count, float factor, long mask, long to, long toStep) {
        IntVector kept = fromMemorySegment(SPECIES, MEMORY, mask, ORDER).reinterpretAsInts();
        for (int i = 0; i < count; i++) {
            FloatVector value = fromMemorySegment(SPECIES, MEMORY, from, ORDER).mul(factor);
            value.reinterpretAsInts().and(kept).reinterpretAsFloats().intoMemorySegment(MEMORY, to, ORDER);
            from += fromStep;
            to += toStep;
        }
    }

    /** Fills vectors with one number. */
    static void fill(long to, long toStep, int count, float number) {
        FloatVector value = FloatVector.broadcast(SPECIES, number);
        for (int i = 0; i < count; i++) {
            value.intoMemorySegment(MEMORY, to, ORDER);
            to += toStep;
        }
    }

    /** Copies vectors, times the vector at {@code factor}. */
    static void scale(long from, long fromStep, int count, long factor, long to, long toStep) {
        FloatVector factors = fromMemorySegment(SPECIES, MEMORY, factor, ORDER);
        for (int i = 0; i < count; i++) {
            fromMemorySegment(SPECIES, MEMORY, from, ORDER).mul(factors).intoMemorySegment(MEMORY, to, ORDER);
            from += fromStep;
            to += toStep;
        }
    }

    /** Sum of products of vectors, in the lanes that the mask keeps. */
    static void dot(long a, long b, long step, int count, long mask, long sum) {
        IntVector kept = fromMemorySegment(SPECIES, MEMORY, mask, ORDER).reinterpretAsInts();
        FloatVector total = FloatVector.zero(SPECIES);
        for (int i = 0; i < count; i++) {
            total = fromMemorySegment(SPECIES, MEMORY, a, ORDER)
                    .fma(fromMemorySegment(SPECIES, MEMORY, b, ORDER), total);
            a += step;
            b += step;
        }
        total.reinterpretAsInts().and(kept).reinterpretAsFloats().intoMemorySegment(MEMORY, sum, ORDER);
    }

    /** Largest of the scores of a group of four queries, {@code [key][query]}; writes four vectors. */
    static void largest(long scores, int keys, long largest) {
        FloatVector a = fromMemorySegment(SPECIES, MEMORY, scores, ORDER);
        FloatVector b = fromMemorySegment(SPECIES, MEMORY, scores + VECTOR_BYTES, ORDER);
        FloatVector c = fromMemorySegment(SPECIES, MEMORY, scores + 2 * VECTOR_BYTES, ORDER);
        FloatVector d = fromMemorySegment(SPECIES, MEMORY, scores + 3 * VECTOR_BYTES, ORDER);
        for (int key = 1; key < keys; key++) {
            scores += 4L * VECTOR_BYTES;
            FloatVector nextA = fromMemorySegment(SPECIES, MEMORY, scores, ORDER);
            FloatVector nextB = fromMemorySegment(SPECIES, MEMORY, scores + VECTOR_BYTES, ORDER);
            FloatVector nextC = fromMemorySegment(SPECIES, MEMORY, scores + 2 * VECTOR_BYTES, ORDER);
            FloatVector nextD = fromMemorySegment(SPECIES, MEMORY, scores + 3 * VECTOR_BYTES, ORDER);
            a = a.blend(nextA, nextA.compare(VectorOperators.GT, a));
            b = b.blend(nextB, nextB.compare(VectorOperators.GT, b));
            c = c.blend(nextC, nextC.compare(VectorOperators.GT, c));
            d = d.blend(nextD, nextD.compare(VectorOperators.GT, d));
        }
        a.intoMemorySegment(MEMORY, largest, ORDER);
        b.intoMemorySegment(MEMORY, largest + VECTOR_BYTES, ORDER);
        c.intoMemorySegment(MEMORY, largest + 2 * VECTOR_BYTES, ORDER);
        d.intoMemorySegment(MEMORY, largest + 3 * VECTOR_BYTES, ORDER);
    }

    /**
     * Replaces the scores of one query, every fourth vector, by {@code exp(score - largest)}; see {@link ExpPolynomial}.
     *
     * @param inverse receives 1 / their sum
     */
    static void exponentials(long scores, int keys, long largest, long inverse) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector rounder = FloatVector.broadcast(SPECIES, ExpPolynomial.ROUNDER);
        FloatVector top = fromMemorySegment(SPECIES, MEMORY, largest, ORDER);
        FloatVector sum = zero;
        for (int key = 0; key < keys; key++) {
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, scores, ORDER).sub(top);
            FloatVector shifted = x.fma(FloatVector.broadcast(SPECIES, ExpPolynomial.LOG2_E), rounder);
            FloatVector n = shifted.sub(rounder);
            FloatVector r = n.fma(FloatVector.broadcast(SPECIES, ExpPolynomial.MINUS_LN2_HIGH), x);
            r = n.fma(FloatVector.broadcast(SPECIES, ExpPolynomial.MINUS_LN2_LOW), r);
            FloatVector p = FloatVector.broadcast(SPECIES, ExpPolynomial.C4)
                    .fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C3))
                    .fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C2))
                    .fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C1))
                    .fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C0));
            p = p.fma(r.mul(r), r.add(one));
            IntVector power =
                    shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, ExpPolynomial.FRACTION_BITS);
            FloatVector exp = p.reinterpretAsInts().add(power).reinterpretAsFloats();
            exp = exp.blend(zero, x.compare(VectorOperators.LT, ExpPolynomial.LEAST));
            sum = sum.add(exp);
            exp.intoMemorySegment(MEMORY, scores, ORDER);
            scores += 4L * VECTOR_BYTES;
        }
        one.div(sum).intoMemorySegment(MEMORY, inverse, ORDER);
    }

    /**
     * Turns the scores of one query, every fourth vector, into probabilities, and the gradients of probabilities into
     * those of scores: {@code probability * (gradient - mean)}.
     *
     * @param mean sum of probabilities times their gradients
     */
    static void scoreGradients(long scores, long gradients, int keys, long largest, long inverse, long mean) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector rounder = FloatVector.broadcast(SPECIES, ExpPolynomial.ROUNDER);
        FloatVector top = fromMemorySegment(SPECIES, MEMORY, largest, ORDER);
        FloatVector share = fromMemorySegment(SPECIES, MEMORY, inverse, ORDER);
        FloatVector centre = fromMemorySegment(SPECIES, MEMORY, mean, ORDER);
        for (int key = 0; key < keys; key++) {
            FloatVector x = fromMemorySegment(SPECIES, MEMORY, scores, ORDER).sub(top);
            FloatVector shifted = x.fma(FloatVector.broadcast(SPECIES, ExpPolynomial.LOG2_E), rounder);
            FloatVector n = shifted.sub(rounder);
            FloatVector r = n.fma(FloatVector.broadcast(SPECIES, ExpPolynomial.MINUS_LN2_HIGH), x);
            r = n.fma(FloatVector.broadcast(SPECIES, ExpPolynomial.MINUS_LN2_LOW), r);
            FloatVector p = FloatVector.broadcast(SPECIES, ExpPolynomial.C4)
                    .fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C3))
                    .fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C2))
                    .fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C1))
                    .fma(r, FloatVector.broadcast(SPECIES, ExpPolynomial.C0));
            p = p.fma(r.mul(r), r.add(one));
            IntVector power =
                    shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, ExpPolynomial.FRACTION_BITS);
            FloatVector exp = p.reinterpretAsInts().add(power).reinterpretAsFloats();
            exp = exp.blend(zero, x.compare(VectorOperators.LT, ExpPolynomial.LEAST));
            FloatVector probability = exp.mul(share);
            probability.intoMemorySegment(MEMORY, scores, ORDER);
            FloatVector gradient = fromMemorySegment(SPECIES, MEMORY, gradients, ORDER).sub(centre);
            gradient.mul(probability).intoMemorySegment(MEMORY, gradients, ORDER);
            scores += 4L * VECTOR_BYTES;
            gradients += 4L * VECTOR_BYTES;
        }
    }

    /**
     * Writes the biases of one query, every fourth vector.
     *
     * @param own the query's bias for a key of code 0
     * @param codes of the keys; see {@link PositionBias}
     * @param entryBytes from bias to bias
     */
    static void spread(long own, int[] codes, int entryBytes, int firstKey, int keys, long to) {
        for (int key = firstKey; key < firstKey + keys; key++) {
            float bias = MEMORY.get(JAVA_FLOAT_UNALIGNED, own - (long) codes[key] * entryBytes);
            FloatVector.broadcast(SPECIES, bias).intoMemorySegment(MEMORY, to, ORDER);
            to += 4L * VECTOR_BYTES;
        }
    }

    /**
     * Adds the gradients of one query's scores, every fourth vector, to the sums of their relative positions.
     *
     * @param codes of the keys; see {@link PositionBias}
     * @param own the query's sum for a key of code 0
     */
    static void gather(long gradients, int[] codes, int firstKey, int keys, long own) {
        for (int key = firstKey; key < firstKey + keys; key++) {
            long sum = own - (long) codes[key] * VECTOR_BYTES;
            fromMemorySegment(SPECIES, MEMORY, sum, ORDER)
                    .add(fromMemorySegment(SPECIES, MEMORY, gradients, ORDER))
                    .intoMemorySegment(MEMORY, sum, ORDER);
            gradients += 4L * VECTOR_BYTES;
        }
    }

    /** Transposes a tile of 4 x 4 vectors. */
    static void transpose(long from, long to) {
        for (int i = 0; i < 4; i++) {
            FloatVector a = fromMemorySegment(SPECIES, MEMORY, from, ORDER);
            FloatVector b = fromMemorySegment(SPECIES, MEMORY, from + VECTOR_BYTES, ORDER);
            FloatVector c = fromMemorySegment(SPECIES, MEMORY, from + 2 * VECTOR_BYTES, ORDER);
            FloatVector d = fromMemorySegment(SPECIES, MEMORY, from + 3 * VECTOR_BYTES, ORDER);
            a.intoMemorySegment(MEMORY, to, ORDER);
            b.intoMemorySegment(MEMORY, to + 4 * VECTOR_BYTES, ORDER);
            c.intoMemorySegment(MEMORY, to + 8 * VECTOR_BYTES, ORDER);
            d.intoMemorySegment(MEMORY, to + 12 * VECTOR_BYTES, ORDER);
            from += 4L * VECTOR_BYTES;
            to += VECTOR_BYTES;
        }
    }
}
