package org.bame.baselines.dynamic;

import org.bame.kernel.Storage;
import org.bame.sparsity.Mask;
import org.bame.sparsity.MaskPromise;

/** Which weights of a layer there are, and which come and go: what tells one dynamic method from another. */
public interface Topology {
    /**
     * Chooses the mask that training begins with.
     *
     * @param mask receives it
     */
    void begin(Mask mask);

    /** What its masks keep by the layer's pattern. */
    default MaskPromise promise() {
        return MaskPromise.EXACT;
    }

    /** Whether updates look at gradients of weights that are not there. */
    boolean needsDenseGradient();

    /**
     * Chooses the next mask. Weights in both masks keep their values and optimizer state; new ones begin with zeros.
     *
     * @param next holds the mask that {@code update} has; receives the next one
     */
    void evolve(Update update, Mask next);

    /**
     * An update of the mask.
     *
     * @param step optimizer step
     * @param share of the weights (or blocks) to exchange, from 0 to 1
     * @param weights {@code FLOAT}, in mask order; 0 outside the mask
     * @param gradient of the loss at these weights; dense if {@link #needsDenseGradient}, else 0 outside the mask
     * @param mask now
     */
    record Update(long step, double share, Storage weights, Storage gradient, Mask mask) {}
}
