package org.bame.baselines.srste;

import java.util.List;
import org.bame.flops.CostModel;
import org.bame.flops.SteadyCosts;
import org.bame.method.MethodContext;
import org.bame.method.MethodFactory;
import org.bame.method.StraightThroughLayer;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.SparsityPattern;

/** SR-STE: a magnitude mask at every step, straight-through gradients to all weights, masked weights decay. */
public final class SrSteMethodFactory implements MethodFactory<SrSteConfiguration> {
    @Override
    public String name() {
        return "sr-ste";
    }

    @Override
    public String summary() {
        return "Magnitude mask at every step, straight-through gradients to a dense store, decay of masked weights";
    }

    @Override
    public String reference() {
        return "Zhou et al., Learning N:M Fine-grained Structured Sparse Neural Networks From Scratch, ICLR 2021,"
                + " arXiv 2102.04010";
    }

    @Override
    public SrSteConfiguration defaults() {
        return SrSteConfiguration.defaults();
    }

    @Override
    public boolean supports(SparsityPattern pattern) {
        return true;
    }

    @Override
    public List<String> problems(SrSteConfiguration configuration, MethodContext context) {
        double lambda = configuration.lambda();
        return lambda >= 0 && Double.isFinite(lambda)
                ? List.of()
                : List.of("lambda is " + lambda + ", expected at least 0");
    }

    @Override
    public TrainingMethod create(SrSteConfiguration configuration, MethodContext context) {
        return StraightThroughLayer.method(name(), context.pattern(), configuration.lambda());
    }

    @Override
    public CostModel costs(SrSteConfiguration configuration, MethodContext context) {
        return SteadyCosts.maskedForward(context.pattern());
    }
}
