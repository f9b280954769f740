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
 * @param outputGradientSample how dY is sampled before dW = dY X^T, or null: it is not
 * @param effectiveWeightsAreSum whether an average of the weights takes part in the effective ones as a summand (low-rank adapters),
 *     not as a factor (masks and scales)
 */
public record ProductPlan(
        Support forward,
        Support inputGradient,
        Support weightGradient,
        Storage effectiveWeights,
        OutputGradientSample outputGradientSample,
        boolean effectiveWeightsAreSum) {
    /** Every product dense, on the stored weights. */
    public static final ProductPlan DENSE = new ProductPlan(Support.DENSE, Support.DENSE, Support.DENSE, null);

    /** Plan with the exact dY. */
    public ProductPlan(
            Support forward, Support inputGradient, Support weightGradient, Storage effectiveWeights) {
        this(forward, inputGradient, weightGradient, effectiveWeights, null);
    }

    /** Plan whose effective weights, if any, are multiples of the stored ones. */
    public ProductPlan(
            Support forward,
            Support inputGradient,
            Support weightGradient,
            Storage effectiveWeights,
            OutputGradientSample outputGradientSample) {
        this(forward, inputGradient, weightGradient, effectiveWeights, outputGradientSample, false);
    }

    /** Plan on the stored weights. */
    public static ProductPlan of(Support forward, Support inputGradient, Support weightGradient) {
        return new ProductPlan(forward, inputGradient, weightGradient, null);
    }

    /** The same plan with another sample of dY, or none (null). */
    public ProductPlan with(OutputGradientSample sample) {
        return new ProductPlan(forward, inputGradient, weightGradient, effectiveWeights, sample,
                effectiveWeightsAreSum);
    }

    /** The same plan, its effective weights a sum of the stored ones and something else. */
    public ProductPlan asSum() {
        return new ProductPlan(
                forward, inputGradient, weightGradient, effectiveWeights, outputGradientSample, true);
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
