package org.bame.kernel;

/**
 * What a product does on the side with its result while that is still in the cache: the sums of a batch normalisation,
 * which would else cost another sweep over memory. A {@link BatchNormKernel} makes it for a tensor of its shape and
 * batch layout, and one call of a product runs it.
 */
public abstract class Epilogue {
    Epilogue() {}

    /**
     * Called before the result is computed.
     *
     * @param target the result
     * @param stretches number of stretches that the pixels and lanes of a block are cut into; depends on shapes alone, since sums
     *     are combined in their order
     */
    abstract void begin(Storage target, int stretches);

    /**
     * Called as soon as some channels of a stretch are complete: of some pixels and lanes. By several threads, but once
     * for each channel of each stretch.
     *
     * @param block block of images
     * @param stretch number of the stretch in its block
     * @param pixel first pixel
     * @param pixelStep step from one pixel to the next
     * @param pixels number of pixels
     * @param firstLane first lane of the block, a multiple of a vector's
     * @param lanes number of lanes, a multiple of a vector's
     * @param firstChannel first channel
     * @param endChannel the channel after the last
     * @param worker number of the thread
     */
    abstract void stretch(
            int block,
            int stretch,
            int pixel,
            int pixelStep,
            int pixels,
            int firstLane,
            int lanes,
            int firstChannel,
            int endChannel,
            int worker);
}
