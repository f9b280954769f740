package org.bame.baselines.bimask;

import java.util.ArrayList;
import java.util.List;
import org.bame.flops.CostModel;
import org.bame.flops.SteadyCosts;
import org.bame.flops.ThinnedDensity;
import org.bame.method.LayerwiseMethod;
import org.bame.method.MaskTracker;
import org.bame.method.MethodContext;
import org.bame.method.MethodFactory;
import org.bame.method.StraightThroughLayer;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.NmSelection;
import org.bame.sparsity.OutputAxisSelection;

/**
 * Bi-Mask: SR-STE with a mask of its own for the input gradient.
 *
 * <p>Layers whose outputs M does not divide, which the code refuses, have a last block of fewer outputs, of which at most N
 * stay (ASSUMED). Row groups are accepted: they bind the forward mask alone.
 */
public final class BiMaskMethodFactory implements MethodFactory<BiMaskConfiguration> {
    private static final String NAME = "bi-mask";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String summary() {
        return "SR-STE whose input gradient uses a second mask, N:M along the outputs in an order searched every 100 steps";
    }

    @Override
    public String reference() {
        return "Zhang et al., Bi-directional Masks for Efficient N:M Sparse Training, ICML 2023, arXiv 2302.06058";
    }

    @Override
    public BiMaskConfiguration defaults() {
        return BiMaskConfiguration.defaults();
    }

    @Override
    public List<String> problems(BiMaskConfiguration c, MethodContext context) {
        List<String> problems = new ArrayList<>();
        if (c.permutationInterval() < 1) {
            problems.add("permutationInterval is " + c.permutationInterval() + ", expected at least 1 step");
        }
        if (c.permutations() < 0) {
            problems.add("permutations is " + c.permutations()
                    + ", expected at least 0 (0: outputs stay in memory order)");
        }
        if (!(c.lambda() >= 0 && Double.isFinite(c.lambda()))) {
            problems.add("lambda is " + c.lambda() + ", expected at least 0");
        }
        return problems;
    }

    @Override
    public TrainingMethod create(BiMaskConfiguration configuration, MethodContext context) {
        return layerwise(configuration, context);
    }

    static LayerwiseMethod<BiMaskLayer> layerwise(BiMaskConfiguration configuration, MethodContext context) {
        NmPattern pattern = context.nm();
        NmSelection selection = new NmSelection(pattern);
        OutputAxisSelection outputSelection = new OutputAxisSelection(pattern);
        return new LayerwiseMethod<>(NAME, context + ", " + configuration, (index, layer) -> {
            MaskTracker tracker = new MaskTracker(layer.shape(), pattern);
            return new BiMaskLayer(
                    index,
                    layer,
                    configuration,
                    context.seed(),
                    tracker,
                    new StraightThroughLayer(layer, selection, configuration.lambda(), tracker),
                    outputSelection,
                    pattern);
        });
    }

    /** (d, d, 1), but kernels execute less: the backward mask keeps part of the forward one ({@link ThinnedDensity}). */
    @Override
    public CostModel costs(BiMaskConfiguration configuration, MethodContext context) {
        NmPattern pattern = context.nm();
        double thinned = configuration.permutations() == 0
                ? ThinnedDensity.expected(pattern)
                : ThinnedDensity.expectedInRandomOrder(pattern);
        return SteadyCosts.maskedBothWays(pattern.density(), thinned);
    }

    @Override
    public int updateInterval() {
        return BiMaskConfiguration.defaults().permutationInterval();
    }
}
