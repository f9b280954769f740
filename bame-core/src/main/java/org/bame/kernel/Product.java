package org.bame.kernel;

/** The three matrix products of a training step. */
public enum Product {
    /** Y = W X. */
    FORWARD,
    /** dX = W^T dY. */
    INPUT_GRADIENT,
    /** dW = dY X^T. */
    WEIGHT_GRADIENT
}
