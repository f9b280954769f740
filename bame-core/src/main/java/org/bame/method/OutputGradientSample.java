package org.bame.method;

import org.bame.kernel.CounterRandom;

/**
 * Asks for the weight gradient to be estimated from an unbiased 2:4 sample of dY along the images
 * ({@link org.bame.kernel.Kernels#sampleTwoOfFour}); the input and bias gradients keep the exact dY. On hardware that skips
 * 2:4 operands this halves the product. Our kernels cannot skip zeros in lanes of a vector: the product runs dense, and reports
 * call it simulated.
 *
 * @param seed of the run
 * @param layer index of the layer: draws of different layers are independent
 */
public record OutputGradientSample(long seed, int layer) {
    /** Key of the draws at an optimizer step. */
    public long key(long step) {
        return CounterRandom.key(seed, layer, step);
    }
}
