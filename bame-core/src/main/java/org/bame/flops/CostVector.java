package org.bame.flops;

/**
 * Cost of the three products of a sparsifiable layer as fractions of their dense cost.
 *
 * @param forward of Y = W X
 * @param inputGradient of dX = W^T dY
 * @param weightGradient of dW = dY X^T
 */
public record CostVector(double forward, double inputGradient, double weightGradient) {
    /** All dense. */
    public static final CostVector DENSE = new CostVector(1, 1, 1);

    /** Sum of the three. */
    public double sum() {
        return forward + inputGradient + weightGradient;
    }
}
