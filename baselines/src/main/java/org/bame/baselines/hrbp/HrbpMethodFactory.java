package org.bame.baselines.hrbp;

import java.util.List;
import org.bame.baselines.dynamic.DropAndGrow;
import org.bame.baselines.dynamic.DynamicMethodFactory;
import org.bame.baselines.dynamic.Growth;
import org.bame.method.MethodContext;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.UnstructuredPattern;

/**
 * HRBP, reconstructed: dense blocks of kernels by groups of outputs, regrouped now and then. Costs are counted at the
 * pattern's density; a layer's own differs by less than half an input channel a group (and is never below one). That dense
 * matrix hardware could skip what is between the blocks is in no account: {@code nm_hardware} asks for N:M.
 */
public final class HrbpMethodFactory extends DynamicMethodFactory<HrbpConfiguration> {
    @Override
    public String name() {
        return "hrbp";
    }

    @Override
    public String summary() {
        return "Groups of outputs that keep the same input channels, whole kernels each, regrouped by similarity";
    }

    @Override
    public String reference() {
        return "Ma et al., HRBP: Hardware-friendly Regrouping towards Block-based Pruning for Sparse CNN Training, CPAL 2024"
                + " (reconstructed from its abstract)";
    }

    @Override
    public HrbpConfiguration defaults() {
        return HrbpConfiguration.defaults();
    }

    @Override
    public boolean supports(SparsityPattern pattern) {
        return pattern instanceof UnstructuredPattern;
    }

    @Override
    public List<String> problems(HrbpConfiguration c, MethodContext context) {
        List<String> problems = super.problems(c, context);
        if (c.groupSize() < 1) {
            problems.add("groupSize is " + c.groupSize() + ", expected at least 1 output");
        }
        return problems;
    }

    @Override
    protected Topologies topologies(HrbpConfiguration configuration, MethodContext context) {
        DropAndGrow dropAndGrow = new DropAndGrow();
        return (index, layer) -> new KernelTopology(layer, configuration, dropAndGrow, context.seed(), index);
    }

    @Override
    protected boolean updatesByGradient(HrbpConfiguration configuration) {
        return configuration.growth() == Growth.GRADIENT;
    }
}
