package org.bame.baselines.maxq;

import java.util.ArrayList;
import java.util.List;
import org.bame.flops.CostModel;
import org.bame.method.LayerwiseMethod;
import org.bame.method.MethodContext;
import org.bame.method.MethodFactory;
import org.bame.method.MethodPhase;
import org.bame.method.TrainingMethod;

/** MaxQ: SR-STE with soft masks along more axes than the block, and blocks that become N:M one after another. */
public final class MaxQMethodFactory implements MethodFactory<MaxQConfiguration> {
    private static final String NAME = "maxq";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String summary() {
        return "SR-STE that strengthens weights by their rank in filter and kernel position, and becomes N:M gradually";
    }

    @Override
    public String reference() {
        return "Xiang et al., MaxQ: Multi-Axis Query for N:M Sparsity Network, CVPR 2024, arXiv 2312.07061";
    }

    @Override
    public MaxQConfiguration defaults() {
        return MaxQConfiguration.defaults();
    }

    @Override
    public List<String> problems(MaxQConfiguration c, MethodContext context) {
        List<String> problems = new ArrayList<>();
        require(problems, c.decayStart() >= 0 && c.decayStart() <= 1, "decayStart", c.decayStart(), "0 to 1");
        require(
                problems,
                c.decayEnd() >= c.decayStart() && c.decayEnd() <= 1,
                "decayEnd",
                c.decayEnd(),
                "decayStart (" + c.decayStart() + ") to 1");
        require(problems, c.tau() > 0 && Double.isFinite(c.tau()), "tau", c.tau(), "above 0");
        require(problems, c.lambda() >= 0 && Double.isFinite(c.lambda()), "lambda", c.lambda(), "at least 0");
        if (problems.isEmpty() && lastDenseShare(c, context) > 0) {
            problems.add("decayEnd is " + c.decayEnd() + ", which leaves a dense share of " + lastDenseShare(c, context)
                    + " in the last of " + context.totalSteps() / (double) context.stepsPerEpoch()
                    + " epochs, expected none: lower decayEnd, or train longer");
        }
        return problems;
    }

    private static double lastDenseShare(MaxQConfiguration c, MethodContext context) {
        return DenseShareRamp.of(c, context).at((context.totalSteps() - 1) / context.stepsPerEpoch());
    }

    private static void require(List<String> problems, boolean sound, String key, double value, String expected) {
        if (!sound) {
            problems.add(key + " is " + value + ", expected " + expected);
        }
    }

    @Override
    public TrainingMethod create(MaxQConfiguration configuration, MethodContext context) {
        DenseShareRamp ramp = DenseShareRamp.of(configuration, context);
        ProgressiveMask mask = new ProgressiveMask(context.nm(), configuration.ramp());
        MultiAxisQuery query = new MultiAxisQuery(context.nm(), configuration);
        return new LayerwiseMethod<>(
                NAME,
                context + ", " + configuration,
                (index, layer) -> new MaxQLayer(layer, ramp, mask, query, configuration.lambda()));
    }

    @Override
    public CostModel costs(MaxQConfiguration configuration, MethodContext context) {
        return MaxQCosts.of(configuration, context);
    }

    @Override
    public List<MethodPhase> phases(int untimedSteps, int timedSteps) {
        return MaxQPhases.of(untimedSteps, timedSteps);
    }
}
