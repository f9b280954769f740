package org.bame.baselines.srste;

import java.util.List;
import org.bame.flops.CostModel;
import org.bame.flops.SteadyCosts;
import org.bame.method.MethodContext;
import org.bame.method.MethodFactory;
import org.bame.method.StraightThroughLayer;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.SparsityPattern;

/** The plain straight-through estimator: SR-STE with lambda = 0. */
public final class SteMethodFactory implements MethodFactory<SteConfiguration> {
    @Override
    public String name() {
        return "ste";
    }

    @Override
    public String summary() {
        return "Magnitude mask at every step, straight-through gradients to a dense store";
    }

    @Override
    public String reference() {
        return "Bengio et al., Estimating or Propagating Gradients Through Stochastic Neurons, 2013, arXiv 1308.3432";
    }

    @Override
    public SteConfiguration defaults() {
        return new SteConfiguration();
    }

    @Override
    public boolean supports(SparsityPattern pattern) {
        return true;
    }

    @Override
    public List<String> problems(SteConfiguration configuration, MethodContext context) {
        return List.of();
    }

    @Override
    public TrainingMethod create(SteConfiguration configuration, MethodContext context) {
        return StraightThroughLayer.method(name(), context.pattern(), 0);
    }

    @Override
    public CostModel costs(SteConfiguration configuration, MethodContext context) {
        return SteadyCosts.maskedForward(context.pattern());
    }
}
