package org.bame.datasets.synthetic;

import org.bame.datasets.CounterRandom;

/** One image's random numbers, in order. */
final class RandomDraws {

    /** Standard deviation of the sum of four numbers uniform in [-0.5, 0.5]. */
    private static final double SUM_DEVIATION = Math.sqrt(4.0 / 12.0);
    private static final int PART_BITS = 16;
    private static final int PART_MASK = (1 << PART_BITS) - 1;
    private static final double PART_SCALE = 1.0 / (1 << PART_BITS);

    private final long key;
    private long counter;

    RandomDraws(long key) {
        this.key = key;
    }

    /** Uniform in [least, greatest). */
    double between(double least, double greatest) {
        return least + (greatest - least) * CounterRandom.uniform(key, counter++);
    }

    /** Uniform in 0 .. bound - 1. */
    int below(int bound) {
        return CounterRandom.below(key, counter++, bound);
    }

    boolean nextBoolean() {
        return CounterRandom.bits(key, counter++) < 0;
    }

    /** A bell-shaped number of mean 0 and standard deviation 1: the scaled sum of four uniform ones, within 3.5. */
    double bell() {
        long bits = CounterRandom.bits(key, counter++);
        long sum = (bits & PART_MASK)
                + (bits >>> PART_BITS & PART_MASK)
                + (bits >>> 2 * PART_BITS & PART_MASK)
                + (bits >>> 3 * PART_BITS);
        return (sum * PART_SCALE - 2) / SUM_DEVIATION;
    }
}
