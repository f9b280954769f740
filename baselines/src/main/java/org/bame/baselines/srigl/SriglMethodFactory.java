package org.bame.baselines.srigl;

import java.util.List;
import org.bame.baselines.dynamic.DropAndGrow;
import org.bame.baselines.dynamic.DynamicMethodFactory;
import org.bame.method.MaskedLayer;
import org.bame.method.MethodContext;
import org.bame.sparsity.FanInPattern;
import org.bame.sparsity.SparsityPattern;

/**
 * SRigL: RigL with the same number of weights for every neuron, but for neurons that are given up. Costs are counted at the
 * pattern's density; once neurons are ablated, whole weights for the others leave up to one weight a neuron less.
 */
public final class SriglMethodFactory extends DynamicMethodFactory<SriglConfiguration> {
    @Override
    public String name() {
        return "srigl";
    }

    @Override
    public String summary() {
        return "RigL with a constant fan-in, which gives up neurons that have few salient weights";
    }

    @Override
    public String reference() {
        return "Lasby et al., Dynamic Sparse Training with Structured Sparsity, ICLR 2024, arXiv 2305.02299";
    }

    @Override
    public SriglConfiguration defaults() {
        return SriglConfiguration.defaults();
    }

    @Override
    public boolean supports(SparsityPattern pattern) {
        return pattern instanceof FanInPattern;
    }

    @Override
    public List<String> problems(SriglConfiguration c, MethodContext context) {
        List<String> problems = super.problems(c, context);
        if (!(c.gammaSal() >= 0 && c.gammaSal() <= 1)) {
            problems.add("gammaSal is " + c.gammaSal() + ", expected 0 (no neuron is ablated) to 1");
        }
        return problems;
    }

    @Override
    protected Topologies topologies(SriglConfiguration configuration, MethodContext context) {
        DropAndGrow dropAndGrow = new DropAndGrow();
        return (index, layer) -> new FanInTopology(
                layer.shape(), own(layer), dropAndGrow, configuration.gammaSal(), context.seed(), index);
    }

    private static FanInPattern own(MaskedLayer layer) {
        if (layer.pattern() instanceof FanInPattern fanIn) {
            return fanIn;
        }
        throw new IllegalArgumentException("Layer " + layer.name() + " has pattern " + layer.pattern()
                + ", expected a constant fan-in, as in fan_in@0.9: ask supports() first");
    }

    @Override
    protected boolean updatesByGradient(SriglConfiguration configuration) {
        return true;
    }
}
