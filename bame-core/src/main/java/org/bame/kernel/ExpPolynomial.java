package org.bame.kernel;

/**
 * Constants of the exponential function as the SIMD kernels compute it; they write it out where they need it, because
 * the compiler must see vectors in one method, and use no lane-wise operator of the Vector API, whose bits differ
 * between interpreter and compiler. For x in [{@link #LEAST}, 0]: with n = x / ln 2 rounded and r = x - n ln 2,
 * {@code exp(x) = 2^n (1 + r + r^2 (C0 + C1 r + ... + C4 r^4))}; below it is 0. The coefficients are a minimax fit of our
 * own (relative error of the polynomial 3.1e-9); in single precision the relative error is below 1.3e-7.
 *
 * <p>Adding {@link #ROUNDER} leaves n in the low bits of the sum; shifted to the exponent's place and added to the bits
 * of the polynomial, it multiplies by 2^n.
 */
final class ExpPolynomial {
    /** Below, the result is no normal number any more, and taken as 0. */
    static final float LEAST = -87.3f;

    static final float LOG2_E = 1.44269504f;
    /** ln 2 in two parts, the first with so few digits that its products with n are exact. */
    static final float MINUS_LN2_HIGH = -0.693359375f;
    static final float MINUS_LN2_LOW = 2.12194440e-4f;
    /** 1.5 * 2^23: numbers of this size have no fraction. */
    static final float ROUNDER = 12582912f;
    /** Bits of a fraction: how far left the exponent stands. */
    static final int FRACTION_BITS = 23;

    static final float C0 = 0.49999994f;
    static final float C1 = 0.16666521f;
    static final float C2 = 0.04166839f;
    static final float C3 = 0.0083687167f;
    static final float C4 = 0.0013814599f;

    private ExpPolynomial() {}
}
