package org.bame.method;

import java.util.HashMap;
import java.util.Map;
import org.bame.sparsity.MaskSelection;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.Support;

/**
 * A dense store behind a magnitude mask: forward and input gradient use the largest weights (of a block, an output or the layer, by
 * the pattern), all weights
 * receive the gradient as if there were no mask (straight-through), plus a decay of the masked ones (SR-STE, Zhou et al.,
 * ICLR 2021, arXiv 2102.04010; lambda = 0 is plain STE).
 *
 * <p>The mask follows the weights: it is chosen anew by the first {@link #plan} after an update.
 */
public final class StraightThroughLayer extends DenseStoreLayer {
    private final MaskSelection selection;
    private final double lambda;
    private final ProductPlan plan;

    /**
     * One layer's part.
     *
     * @param selection may be shared by layers that one thread serves
     * @param lambda strength of the decay, at least 0
     * @param tracker holds the mask
     */
    public StraightThroughLayer(MaskedLayer layer, MaskSelection selection, double lambda, MaskTracker tracker) {
        super(layer, tracker);
        this.selection = selection;
        this.lambda = lambda;
        Support support = Support.of(tracker.mask());
        this.plan = ProductPlan.of(support, support, Support.DENSE);
    }

    /** A method that does this to every layer. */
    public static TrainingMethod method(String name, SparsityPattern pattern, double lambda) {
        Map<SparsityPattern, MaskSelection> selections = new HashMap<>();
        return new LayerwiseMethod<>(
                name,
                "pattern " + pattern + ", lambda " + lambda,
                (index, layer) -> new StraightThroughLayer(
                        layer,
                        selections.computeIfAbsent(layer.pattern(), MaskSelection::of),
                        lambda,
                        new MaskTracker(layer.shape(), layer.pattern())));
    }

    @Override
    public ProductPlan plan(Step step) {
        refreshMask();
        return plan;
    }

    /** Brings the mask up to date with the weights. */
    public void refreshMask() {
        if (stale()) {
            tracker().recordUpdate(selection.select(layer().weights().segment(), tracker().mask()));
            markChosen();
        }
    }

    @Override
    public void transformGradient(Step step) {
        MaskArithmetic.addMaskedDecay(layer().weights(), tracker().mask(), lambda, layer().gradient());
    }
}
