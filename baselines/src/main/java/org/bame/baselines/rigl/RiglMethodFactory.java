package org.bame.baselines.rigl;

import org.bame.baselines.dynamic.DropAndGrow;
import org.bame.baselines.dynamic.DynamicMethodFactory;
import org.bame.baselines.dynamic.Growth;
import org.bame.method.MethodContext;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.UnstructuredPattern;

/**
 * RigL and SET: a random sparse network whose smallest weights give way to those of largest gradient (RigL) or to random ones
 * (SET, here on RigL's schedule; the original exchanges a constant share once an epoch).
 */
public final class RiglMethodFactory extends DynamicMethodFactory<RiglConfiguration> {
    private final Growth growth;

    /** RigL or SET, by what grows. */
    public RiglMethodFactory(Growth growth) {
        this.growth = growth;
    }

    @Override
    public String name() {
        return switch (growth) {
            case GRADIENT -> "rigl";
            case RANDOM -> "set";
        };
    }

    @Override
    public String summary() {
        return "Unstructured sparse training that drops the smallest weights and grows "
                + switch (growth) {
                    case GRADIENT -> "the largest gradients";
                    case RANDOM -> "random ones: no dense gradients";
                };
    }

    @Override
    public String reference() {
        return switch (growth) {
            case GRADIENT ->
                "Evci et al., Rigging the Lottery: Making All Tickets Winners, ICML 2020, arXiv 1911.11134";
            case RANDOM -> "Mocanu et al., Scalable Training of Artificial Neural Networks with Adaptive Sparse"
                    + " Connectivity, Nature Communications 2018, arXiv 1707.04780";
        };
    }

    @Override
    public RiglConfiguration defaults() {
        return RiglConfiguration.defaults();
    }

    @Override
    public boolean supports(SparsityPattern pattern) {
        return pattern instanceof UnstructuredPattern;
    }

    @Override
    protected Topologies topologies(RiglConfiguration configuration, MethodContext context) {
        DropAndGrow dropAndGrow = new DropAndGrow();
        return (index, layer) -> new UnstructuredTopology(layer, dropAndGrow, growth, context.seed(), index);
    }

    @Override
    protected boolean updatesByGradient(RiglConfiguration configuration) {
        return growth == Growth.GRADIENT;
    }
}
