package org.bame.method;

/** How a method asks for losses while its gradients are being transformed: {@link TrainingMethod#measureBy}. */
@FunctionalInterface
public interface BatchLoss {
    /**
     * Mean loss of the open step's minibatch, in training mode (statistics and dropped activations are those of the step),
     * with the weights as they are stored now: a mask counts only by the zeros that it left in them. Costs a forward pass,
     * which is no training time; leaves gradients, running statistics and meters as they are.
     *
     * @throws IllegalStateException outside {@link TrainingMethod#transformGradients}
     */
    double ofStoredWeights();
}
