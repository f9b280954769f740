package org.bame.baselines.dense;

import java.util.List;
import org.bame.flops.CostModel;
import org.bame.flops.SteadyCosts;
import org.bame.method.LayerwiseMethod;
import org.bame.method.MethodContext;
import org.bame.method.MethodFactory;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.SparsityPattern;

/** Dense training: every product uses every weight, whatever the pattern. */
public final class DenseMethodFactory implements MethodFactory<DenseConfiguration> {
    private static final String NAME = "dense";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String summary() {
        return "Dense training, the reference of every ratio";
    }

    @Override
    public String reference() {
        return "none";
    }

    @Override
    public DenseConfiguration defaults() {
        return new DenseConfiguration();
    }

    @Override
    public boolean supports(SparsityPattern pattern) {
        return true;
    }

    @Override
    public List<String> problems(DenseConfiguration configuration, MethodContext context) {
        return List.of();
    }

    @Override
    public TrainingMethod create(DenseConfiguration configuration, MethodContext context) {
        return new LayerwiseMethod<>(NAME, configuration.toString(), (index, layer) -> new DenseLayer(layer));
    }

    @Override
    public CostModel costs(DenseConfiguration configuration, MethodContext context) {
        return SteadyCosts.DENSE;
    }
}
