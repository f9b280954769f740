package org.bame.kernel;

/**
 * Weighted draws without replacement as a race (Efraimidis and Spirakis, Information Processing Letters 97, 2006): an item of
 * weight a arrives at the time {@code -log2(U) / a}, U uniform in (0, 1). The first to arrive is item i with probability
 * {@code a_i / S}, S the sum of the weights, and the second is j with probability {@code a_j / (S - a_i)}: as if one were drawn
 * after the other. No item waits for another's draw, which is what vectors want; the SIMD sampler writes {@link #arrival} out.
 *
 * <p>U is an odd multiple of 2^-24 of {@link CounterRandom}. With U = m 2^e, m in [sqrt(1/2), sqrt(2)) and z = m - 1, log2(U)
 * is {@code e + z (C0 + C1 z + ... + C7 z^7)}, a minimax fit of our own; in single precision its relative error is below
 * 4e-7, also where it is nearly 0.
 */
final class ExponentialRace {
    /** Added to magnitudes, so that every weight is above 0: the epsilon of single precision, as in the authors' code. */
    static final float LEAST_WEIGHT = 0x1p-23f;

    /** Bits of 1.0f: with random bits behind, a number in [1, 2). */
    static final int ONE_BITS = 0x3f80_0000;
    /** Random bits that are not used, so that 23 are. */
    static final int UNUSED_BITS = 9;
    /** 1 - 2^-24: takes [1, 2) in steps of 2^-23 to odd multiples of 2^-24. */
    static final float BELOW_ONE = 0.99999994f;
    /** Bits of sqrt(1/2). */
    static final int ROOT_HALF_BITS = 0x3f35_04f3;
    /** Bits of 1.5 * 2^23: a small whole number subtracted from them is subtracted from the float. */
    static final int ROUNDER_BITS = Float.floatToRawIntBits(ExpPolynomial.ROUNDER);
    /** The low bits of an arrival, which hold the item's number among its 4, so that no two arrivals tie. */
    static final int ITEM_BITS = 3;

    static final float C0 = 1.4426949f;
    static final float C1 = -0.7213528f;
    static final float C2 = 0.48092324f;
    static final float C3 = -0.36023962f;
    static final float C4 = 0.2870987f;
    static final float C5 = -0.24887687f;
    static final float C6 = 0.23404235f;
    static final float C7 = -0.14581165f;

    private ExponentialRace() {}

    /** {@code -log2(U)} for the U of 32 random bits; above 0. */
    static float exponential(int bits) {
        float uniform = Float.intBitsToFloat(bits >>> UNUSED_BITS | ONE_BITS) - BELOW_ONE;
        int uniformBits = Float.floatToRawIntBits(uniform);
        int exponent = uniformBits - ROOT_HALF_BITS >> ExpPolynomial.FRACTION_BITS;
        float z = Float.intBitsToFloat(uniformBits - (exponent << ExpPolynomial.FRACTION_BITS)) - 1;
        float q = Math.fma(C7, z, C6);
        q = Math.fma(q, z, C5);
        q = Math.fma(q, z, C4);
        q = Math.fma(q, z, C3);
        q = Math.fma(q, z, C2);
        q = Math.fma(q, z, C1);
        q = Math.fma(q, z, C0);
        return -exponent - z * q;
    }

    /** When an item arrives, as an integer: the lower the earlier. */
    static int arrival(long key, int position, float weight) {
        float time = exponential(CounterRandom.bits(key, position)) / weight;
        return Float.floatToRawIntBits(time) & ~ITEM_BITS | position & ITEM_BITS;
    }
}
