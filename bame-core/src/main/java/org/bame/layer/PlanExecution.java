package org.bame.layer;

import org.bame.kernel.ElementType;
import org.bame.kernel.Product;
import org.bame.kernel.Storage;
import org.bame.method.MaskArithmetic;
import org.bame.method.ProductPlan;
import org.bame.sparsity.Mask;
import org.bame.sparsity.Support;

/**
 * A layer's plan in the terms of its kernels: a product that runs masked but dense gets the dense support and weights that are
 * 0 outside the mask.
 */
final class PlanExecution {
    private final MaskedCopy forwardCopy = new MaskedCopy();
    private final MaskedCopy inputGradientCopy = new MaskedCopy();
    private LayerExecution choice = LayerExecution.SPARSE;
    private ProductPlan plan = ProductPlan.DENSE;
    /** Weights that are 0 outside the mask; null: as the plan says. */
    private Storage forwardWeights;
    private Storage inputGradientWeights;

    /** Takes up a choice, for the plans to come. */
    void choose(LayerExecution next) {
        choice = next;
    }

    LayerExecution choice() {
        return choice;
    }

    ProductPlan plan() {
        return plan;
    }

    /** What the next products do; the weights must not change before the last of them. */
    void plan(ProductPlan next, Storage stored) {
        plan = next;
        Storage effective = effective(stored);
        Mask forward = maskedDense(Product.FORWARD);
        Mask inputGradient = maskedDense(Product.INPUT_GRADIENT);
        forwardWeights = forward == null ? null : forwardCopy.of(effective, forward);
        if (inputGradient == null) {
            inputGradientWeights = null;
        } else {
            inputGradientWeights =
                    inputGradient == forward ? forwardWeights : inputGradientCopy.of(effective, inputGradient);
        }
    }

    /** What the kernel of a product gets for its support. */
    Support support(Product product) {
        return maskedDense(product) == null ? plan.support(product) : Support.DENSE;
    }

    /** What the forward product multiplies by. */
    Storage forwardWeights(Storage stored) {
        return forwardWeights == null ? effective(stored) : forwardWeights;
    }

    /** What the input gradient multiplies by. */
    Storage inputGradientWeights(Storage stored) {
        return inputGradientWeights == null ? effective(stored) : inputGradientWeights;
    }

    /** Ends a weight gradient: one that ran masked but dense becomes 0 outside the mask. */
    void finishWeightGradient(Storage gradient) {
        Mask mask = maskedDense(Product.WEIGHT_GRADIENT);
        if (mask != null) {
            MaskArithmetic.zeroOutside(mask, gradient);
        }
    }

    /** Whether a product whose support is a mask runs dense. */
    boolean isMaskedDense(Product product) {
        return maskedDense(product) != null;
    }

    private Storage effective(Storage stored) {
        return plan.effectiveWeights() == null ? stored : plan.effectiveWeights();
    }

    /** The mask of a product that runs masked but dense, or null. */
    private Mask maskedDense(Product product) {
        boolean dense = choice.mode(product) == LayerExecution.Mode.MASKED_DENSE;
        return dense && plan.support(product) instanceof Support.Masked(Mask mask) ? mask : null;
    }

    /** Memory for weights with zeros outside a mask, made when it is first needed. */
    static final class MaskedCopy {
        private Storage memory;

        /** The weights themselves if they are 0 there already, else a copy that is. */
        Storage of(Storage weights, Mask mask) {
            if (MaskArithmetic.isZeroOutside(mask, weights)) {
                return weights;
            }
            if (memory == null) {
                memory = Storage.allocate(ElementType.FLOAT, weights.size());
            }
            memory.copyFrom(weights);
            MaskArithmetic.zeroOutside(mask, memory);
            return memory;
        }
    }
}
