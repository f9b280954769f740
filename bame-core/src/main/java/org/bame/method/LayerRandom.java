package org.bame.method;

import java.util.SplittableRandom;
import org.bame.kernel.CounterRandom;

/**
 * Random numbers that depend on the run's seed and on what they are for, and on nothing drawn before: so there is no
 * generator state to save, and a layer's numbers do not depend on the number of layers before it.
 */
public final class LayerRandom {
    private LayerRandom() {}

    /**
     * A generator.
     *
     * @param seed of the run
     * @param layer index of the layer
     * @param draw which draw of this layer it is
     */
    public static SplittableRandom of(long seed, int layer, long draw) {
        return new SplittableRandom(CounterRandom.key(seed, layer, draw));
    }
}
