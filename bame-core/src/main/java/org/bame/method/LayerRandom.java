package org.bame.method;

import java.util.SplittableRandom;

/**
 * Random numbers that depend on the run's seed and on what they are for, and on nothing drawn before: so there is no
 * generator state to save, and a layer's numbers do not depend on the number of layers before it.
 */
public final class LayerRandom {
    private static final long GOLDEN_GAMMA = 0x9e37_79b9_7f4a_7c15L;

    private LayerRandom() {}

    /**
     * A generator.
     *
     * @param seed of the run
     * @param layer index of the layer
     * @param draw which draw of this layer it is
     */
    public static SplittableRandom of(long seed, int layer, long draw) {
        return new SplittableRandom(mix(mix(mix(seed) + layer) + draw));
    }

    /** One step of the SplitMix64 generator (Steele, Lea and Flood, OOPSLA 2014). */
    private static long mix(long value) {
        long z = value + GOLDEN_GAMMA;
        z = (z ^ z >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        z = (z ^ z >>> 27) * 0x94d0_49bb_1331_11ebL;
        return z ^ z >>> 31;
    }
}
