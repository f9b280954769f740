package org.bame.kernel;

/**
 * Random numbers as a pure function of a key and a counter: there is no state to save, and a number does not depend on
 * which thread draws it or how many were drawn before. Keys come from SplitMix64 (Steele, Lea and Flood, OOPSLA 2014); the
 * numbers of a key are the counter after two rounds of MurmurHash3's 32-bit finaliser (A. Appleby), the halves of the key
 * added in between, which is cheap on vectors. The sequence is part of this project's reproducibility.
 */
public final class CounterRandom {
    static final int COUNTER_FACTOR = 0x9e37_79b1;
    static final int FIRST_FACTOR = 0x85eb_ca6b;
    static final int SECOND_FACTOR = 0xc2b2_ae35;

    /** Random bits of a probability: {@link #threshold} is exact to 2^-24. */
    static final int PROBABILITY_BITS = 24;

    private static final long GOLDEN_GAMMA = 0x9e37_79b9_7f4a_7c15L;

    private CounterRandom() {}

    /**
     * A key for one use of randomness.
     *
     * @param seed of the run
     * @param user for example a layer
     * @param draw for example the step
     */
    public static long key(long seed, long user, long draw) {
        return mix(mix(mix(seed) + user) + draw);
    }

    /** One step of SplitMix64. */
    public static long mix(long value) {
        long z = value + GOLDEN_GAMMA;
        z = (z ^ z >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        z = (z ^ z >>> 27) * 0x94d0_49bb_1331_11ebL;
        return z ^ z >>> 31;
    }

    /** 32 random bits. */
    static int bits(long key, int counter) {
        int inner = finalise(counter * COUNTER_FACTOR + (int) key);
        return finalise(inner + (int) (key >>> Integer.SIZE));
    }

    private static int finalise(int value) {
        int h = (value ^ value >>> 16) * FIRST_FACTOR;
        h = (h ^ h >>> 13) * SECOND_FACTOR;
        return h ^ h >>> 16;
    }

    /** Whether an event of that {@link #threshold} does not happen. */
    static boolean spares(long key, int counter, int threshold) {
        return bits(key, counter) >>> Integer.SIZE - PROBABILITY_BITS >= threshold;
    }

    /**
     * A probability as a whole number of 2^-24.
     *
     * @throws IllegalArgumentException if it is not in [0, 1)
     */
    static int threshold(double probability) {
        if (!(probability >= 0 && probability < 1)) {
            throw new IllegalArgumentException("Probability of dropping is " + probability + ", expected [0, 1)");
        }
        return (int) Math.round(probability * (1 << PROBABILITY_BITS));
    }
}
