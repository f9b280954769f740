package org.bame.layer;

import java.util.Optional;
import org.bame.kernel.Storage;

/** What the optimizer keeps for the numbers of one parameter. */
@FunctionalInterface
interface TensorState {
    /** Sets everything that is kept for one number to 0. */
    void reset(int index);

    /** Adam's running mean of squared gradients, in the parameter's order; empty if there is none. */
    default Optional<Storage> secondMoment() {
        return Optional.empty();
    }
}
