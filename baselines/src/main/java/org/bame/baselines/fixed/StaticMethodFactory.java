package org.bame.baselines.fixed;

import java.util.List;
import org.bame.flops.CostModel;
import org.bame.flops.SteadyCosts;
import org.bame.method.LayerRandom;
import org.bame.method.LayerwiseMethod;
import org.bame.method.MethodContext;
import org.bame.method.MethodFactory;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.SparsityPattern;

/** A random mask a seed, fixed for the run: the floor that every method which chooses masks must beat. */
public final class StaticMethodFactory implements MethodFactory<StaticConfiguration> {
    private static final String NAME = "static";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String summary() {
        return "Random mask, fixed for the run; all three products sparse";
    }

    @Override
    public String reference() {
        return "Baseline 'Static' of Evci et al., Rigging the Lottery, ICML 2020, arXiv 1911.11134, with masks by the run's pattern";
    }

    @Override
    public StaticConfiguration defaults() {
        return new StaticConfiguration();
    }

    @Override
    public boolean supports(SparsityPattern pattern) {
        return true;
    }

    @Override
    public List<String> problems(StaticConfiguration configuration, MethodContext context) {
        return List.of();
    }

    @Override
    public TrainingMethod create(StaticConfiguration configuration, MethodContext context) {
        return new LayerwiseMethod<>(
                NAME,
                context + ", " + configuration,
                (index, layer) -> new StaticLayer(layer, LayerRandom.of(context.seed(), index, 0)));
    }

    @Override
    public CostModel costs(StaticConfiguration configuration, MethodContext context) {
        return SteadyCosts.masked(context.pattern());
    }
}
