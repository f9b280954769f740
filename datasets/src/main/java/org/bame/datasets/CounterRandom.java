package org.bame.datasets;

/**
 * Random numbers as a pure function of a key and counters, so that the number drawn for an image does not depend on
 * which thread draws it or on what was drawn before. The bits are those of the SplitMix64 finaliser (G. Steele, D. Lea,
 * C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014) applied once a key component. The sequence
 * is part of this project's reproducibility: changing it changes every result.
 */
public final class CounterRandom {

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final int DOUBLE_BITS = 53;

    private CounterRandom() {}

    /**
     * A key for one stream of numbers.
     *
     * @param seed the run's seed
     * @param purpose keeps independent uses of one seed apart
     * @param index for example the epoch
     */
    public static long key(long seed, Purpose purpose, long index) {
        return bits(bits(mix(seed), purpose.ordinal()), index);
    }

    /** 64 random bits, the {@code counter}-th of a key's stream. */
    public static long bits(long key, long counter) {
        return mix(key + (counter + 1) * GOLDEN_GAMMA);
    }

    /** A number uniform in [0, 1) with 53 random bits. */
    public static double uniform(long key, long counter) {
        return (bits(key, counter) >>> (Long.SIZE - DOUBLE_BITS)) * 0x1.0p-53;
    }

    /**
     * A whole number in {@code 0 .. bound - 1}. The bias of the multiply-and-shift used is below {@code bound / 2^64}.
     *
     * @param bound at least 1
     */
    public static int below(long key, long counter, int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("A random number's bound must be at least 1, got " + bound + ".");
        }
        return (int) Math.unsignedMultiplyHigh(bits(key, counter), bound);
    }

    /**
     * A number of the standard normal distribution (Box and Muller 1958), from two halves of the same 64 bits: none is
     * beyond 6.7. By {@link StrictMath}, the same on every machine.
     */
    public static double normal(long key, long counter) {
        long bits = bits(key, counter);
        double radius = Math.sqrt(-2 * StrictMath.log(((bits >>> Integer.SIZE) + 1) * 0x1.0p-32));
        return radius * StrictMath.cos(2 * Math.PI * Integer.toUnsignedLong((int) bits) * 0x1.0p-32);
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    /** What a stream of random numbers is for. Append new ones at the end: the order is part of the sequence. */
    public enum Purpose {
        /** The order of images in an epoch. */
        SHUFFLE,
        /** Crop offsets and flips. */
        AUGMENTATION,
        /** Training images of a generated data set. */
        GENERATED_TRAIN,
        /** Test images of a generated data set. */
        GENERATED_TEST,
        /** Where the first window of a text begins in an epoch. */
        TEXT_SHIFT,
        /** Operations of RandAugment and how strong they are. */
        RAND_AUGMENT,
        /** Colours added to images. */
        LIGHTING,
        /** Whether and where images are erased. */
        ERASING,
        /** How images of a batch are mixed. */
        MIXING
    }
}
