package org.bame.kernel;

/**
 * Constants of the normal distribution as the SIMD kernels compute it: for x at least 0, with t = 1 / (1 + P x), the upper
 * tail is {@code exp(-x^2 / 2) * t * (C0 + C1 t + ... + C6 t^6)}, a form of Hastings (Abramowitz and Stegun 1964, 7.1.26)
 * whose coefficients are a minimax fit of our own (error of the polynomial 5.3e-9). P is chosen such that no large terms
 * cancel. In single precision the error of the distribution function is below 2e-7, absolutely.
 */
final class NormalTail {
    static final float P = 0.35f;

    static final float C0 = 0.13747157f;
    static final float C1 = 0.15580165f;
    static final float C2 = 0.07926954f;
    static final float C3 = 0.12243708f;
    static final float C4 = 0.09900031f;
    static final float C5 = -0.12606415f;
    static final float C6 = 0.032084f;

    /** 1 / sqrt(2 pi): the density is this times exp(-x^2 / 2). */
    static final float DENSITY = 0.39894228f;

    private NormalTail() {}
}
