package org.bame.baselines.dense2sparse;

import java.util.ArrayList;
import java.util.List;
import org.bame.flops.CostModel;
import org.bame.method.LayerwiseMethod;
import org.bame.method.MethodContext;
import org.bame.method.MethodFactory;
import org.bame.method.MethodPhase;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.SparsityPattern;

/** Gradual pruning: dense training whose smallest weights are pruned step by step until the pattern is reached. */
public final class GradualPruningMethodFactory implements MethodFactory<GradualPruningConfiguration> {
    private final PruningScore score;

    private GradualPruningMethodFactory(PruningScore score) {
        this.score = score;
    }

    /** By the weights' magnitude. */
    public static GradualPruningMethodFactory magnitude() {
        return new GradualPruningMethodFactory(PruningScore.MAGNITUDE);
    }

    /** By the weights' saliency {@code |w g|}. */
    public static GradualPruningMethodFactory saliency() {
        return new GradualPruningMethodFactory(PruningScore.SALIENCY);
    }

    @Override
    public String name() {
        return score.methodName();
    }

    @Override
    public String summary() {
        return score.summary();
    }

    @Override
    public String reference() {
        return score.reference();
    }

    @Override
    public GradualPruningConfiguration defaults() {
        return GradualPruningConfiguration.defaults();
    }

    @Override
    public boolean supports(SparsityPattern pattern) {
        return true;
    }

    @Override
    public List<String> problems(GradualPruningConfiguration c, MethodContext context) {
        List<String> problems = new ArrayList<>();
        require(problems, c.startFraction() >= 0 && c.startFraction() <= 1, "startFraction", c.startFraction(), "0 to 1");
        require(
                problems,
                c.endFraction() >= c.startFraction() && c.endFraction() <= 1,
                "endFraction",
                c.endFraction(),
                "startFraction (" + c.startFraction() + ") to 1");
        require(problems, c.interval() >= 1, "interval", c.interval(), "at least 1 step");
        return problems;
    }

    private static void require(List<String> problems, boolean sound, String key, Number value, String expected) {
        if (!sound) {
            problems.add(key + " is " + value + ", expected " + expected);
        }
    }

    @Override
    public TrainingMethod create(GradualPruningConfiguration configuration, MethodContext context) {
        PruningSchedule schedule = PruningSchedule.of(configuration, context);
        return new LayerwiseMethod<>(
                name(),
                context + ", " + configuration,
                (index, layer) -> new GradualPruningLayer(layer, score, schedule));
    }

    @Override
    public CostModel costs(GradualPruningConfiguration configuration, MethodContext context) {
        return new GradualPruningCosts(PruningSchedule.of(configuration, context), context.pattern());
    }

    @Override
    public List<MethodPhase> phases(int untimedSteps, int timedSteps) {
        return GradualPruningPhases.of(untimedSteps, timedSteps);
    }
}
