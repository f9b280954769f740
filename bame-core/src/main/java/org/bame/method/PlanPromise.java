package org.bame.method;

import java.util.Optional;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.OutputAxisPromise;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.Support;

/**
 * What a method promises of the masks in a layer's plan. A plan whose forward product has no mask is dense, is counted so, and
 * needs no promise.
 *
 * @param forward of the forward mask: along the inputs, over which the forward product sums
 * @param inputGradient of the input gradient's mask: along the outputs, over which W^T is summed; empty: it follows no pattern
 */
public record PlanPromise(MaskPromise forward, Optional<OutputAxisPromise> inputGradient) {
    /** The forward mask keeps exactly what the layer's pattern says. */
    public static final PlanPromise EXACT = of(MaskPromise.EXACT);

    /** A promise of the forward mask alone. */
    public static PlanPromise of(MaskPromise forward) {
        return new PlanPromise(forward, Optional.empty());
    }

    /** Besides, a promise of the input gradient's mask. */
    public PlanPromise and(OutputAxisPromise along) {
        return new PlanPromise(forward, Optional.of(along));
    }

    /**
     * Holds a plan to the promise.
     *
     * @param pattern the layer's own
     * @throws IllegalStateException if it is broken; the message tells where, what is kept and what was expected
     */
    public void require(ProductPlan plan, SparsityPattern pattern) {
        if (plan.forward() instanceof Support.Masked masked) {
            forward.require(masked.mask(), pattern);
            inputGradient.ifPresent(along -> along.require(masked.mask(), plan.inputGradient()));
        } else if (inputGradient.isPresent() && plan.inputGradient() instanceof Support.Masked) {
            throw new IllegalStateException(
                    "The input gradient runs on a mask and the forward product on none, expected"
                            + " a mask that is the forward product's, thinned along the outputs");
        }
    }
}
