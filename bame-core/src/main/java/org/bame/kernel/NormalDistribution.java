package org.bame.kernel;

/** The standard normal distribution in double precision (Marsaglia 2004, Evaluating the Normal Distribution). */
final class NormalDistribution {
    /** Up to here a series of positive terms, beyond a continued fraction. */
    private static final double MIDDLE = 5;

    private static final int FRACTION_TERMS = 60;

    private NormalDistribution() {}

    /** Probability of numbers up to {@code x}; absolute error below 1e-15. */
    static double cumulative(double x) {
        if (Math.abs(x) <= MIDDLE) {
            return 0.5 + density(x) * series(x);
        }
        double tail = density(x) / fraction(Math.abs(x));
        return x < 0 ? tail : 1 - tail;
    }

    /** {@code exp(-x^2 / 2) / sqrt(2 pi)}. */
    static double density(double x) {
        return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
    }

    /** {@code x + x^3 / 3 + x^5 / (3 * 5) + x^7 / (3 * 5 * 7) + ...}. */
    private static double series(double x) {
        double term = x;
        double sum = 0;
        for (int odd = 3; sum + term != sum; odd += 2) {
            sum += term;
            term *= x * x / odd;
        }
        return sum;
    }

    /** {@code x + 1 / (x + 2 / (x + 3 / (x + ...)))}. */
    private static double fraction(double x) {
        double value = x;
        for (int term = FRACTION_TERMS; term > 0; term--) {
            value = x + term / value;
        }
        return value;
    }
}
