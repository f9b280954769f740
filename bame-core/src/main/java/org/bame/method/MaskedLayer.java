package org.bame.method;

import java.util.Optional;
import org.bame.kernel.Storage;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.WeightShape;

/** What a training method sees of a sparsifiable layer. All storages are {@code FLOAT} in the weights' memory order. */
public interface MaskedLayer {
    /** Name of the layer in its network. */
    String name();

    /** Shape of the weights. */
    WeightShape shape();

    /** The layer's own pattern: the run's, with the density that the run gives to this layer ({@link SparsityPattern#perLayer}). */
    SparsityPattern pattern();

    /** The stored weights: read and written. */
    Storage weights();

    /** Gradient of the mean loss with respect to the weight used in the forward product; valid from the backward pass to the update. */
    Storage gradient();

    /** Sets the optimizer's state (momentum, moments) of one weight to 0. */
    void resetOptimizerState(int index);

    /**
     * Adam's running mean of squared gradients as it is stored, its bias not corrected: to be read, after an update or before
     * one. Empty if the optimizer keeps none.
     */
    default Optional<Storage> secondMoment() {
        return Optional.empty();
    }
}
