package org.bame.method;

/** How a method asks for losses while its gradients are being transformed: {@link TrainingMethod#measureBy}. */
@FunctionalInterface
public interface BatchLoss {
    /**
     * Mean loss of the open step's minibatch, in training mode (statistics and dropped activations are those of the step),
     * with the weights as a change leaves them: a mask counts only by the zeros that it left in them. Costs a forward pass
     * beside the change, and neither is training time; leaves gradients, running statistics and meters as they are.
     *
     * @throws IllegalStateException outside {@link TrainingMethod#transformGradients}
     */
    double during(Change change);

    /** The same with the weights as they are stored now. */
    default double ofStoredWeights() {
        return during(Change.NONE);
    }

    /** Other weights for the time of a loss. */
    interface Change {
        /** The weights as they are stored. */
        Change NONE = new Change() {
            @Override
            public void make() {
                // Nothing changes.
            }

            @Override
            public void undo() {
                // Nothing has changed.
            }
        };

        /** Changes stored weights. */
        void make();

        /** Puts them back, to the bit, also those that a change had changed when it failed. */
        void undo();
    }
}
