package org.bame.method;

import org.bame.kernel.Product;
import org.bame.kernel.Storage;
import org.bame.sparsity.Support;

/**
 * What the three products of one layer do at one step: decides which kernel runs and what is counted as executed.
 *
 * @param forward support of Y = W X
 * @param inputGradient support of dX = W^T dY
 * @param weightGradient support of dW = dY X^T
 * @param effectiveWeights the weights that the products multiply by (a method's scaled copy), or null for the stored ones
 */
public record ProductPlan(Support forward, Support inputGradient, Support weightGradient, Storage effectiveWeights) {
    /** Every product dense, on the stored weights. */
    public static final ProductPlan DENSE = new ProductPlan(Support.DENSE, Support.DENSE, Support.DENSE, null);

    /** Plan on the stored weights. */
    public static ProductPlan of(Support forward, Support inputGradient, Support weightGradient) {
        return new ProductPlan(forward, inputGradient, weightGradient, null);
    }

    /** Support of one product. */
    public Support support(Product product) {
        return switch (product) {
            case FORWARD -> forward;
            case INPUT_GRADIENT -> inputGradient;
            case WEIGHT_GRADIENT -> weightGradient;
        };
    }
}
