package org.bame.baselines.lbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bame.flops.CostModel;
import org.bame.method.LayerwiseMethod;
import org.bame.method.MethodContext;
import org.bame.method.MethodFactory;
import org.bame.method.MethodPhase;
import org.bame.method.TrainingMethod;

/** LBC: every way to keep N of M weights has a trained score, and the lowest are removed until one a block is left. */
public final class LbcMethodFactory implements MethodFactory<LbcConfiguration> {
    private static final String NAME = "lbc";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String summary() {
        return "Trains a score for each way to keep N of M weights, and removes the lowest until one is left";
    }

    @Override
    public String reference() {
        return "Zhang et al., Learning Best Combination for Efficient N:M Sparsity, NeurIPS 2022, arXiv 2206.06662";
    }

    @Override
    public LbcConfiguration defaults() {
        return LbcConfiguration.defaults();
    }

    @Override
    public List<String> problems(LbcConfiguration c, MethodContext context) {
        List<String> problems = new ArrayList<>();
        double start = c.initialFraction();
        double end = c.finalFraction();
        require(problems, start >= 0 && start <= 1, "initialFraction", start, "0 to 1");
        require(problems, end >= start && end <= 1, "finalFraction", end, "initialFraction (" + start + ") to 1");
        require(problems, c.exponent() > 0 && Double.isFinite(c.exponent()), "exponent", c.exponent(), "above 0");
        require(
                problems,
                c.scoreDecay() >= 0 && Double.isFinite(c.scoreDecay()),
                "scoreDecay",
                c.scoreDecay(),
                "at least 0");
        if (Candidates.count(context.nm()) > Candidates.MOST) {
            problems.add(Candidates.problem(context.nm()));
        }
        if (problems.isEmpty()) {
            int left = SurvivorSchedule.of(c, context).survivors(context.totalSteps() - 1);
            if (left > 1) {
                problems.add("finalFraction is " + end + " of " + context.totalSteps() + " steps, "
                        + context.stepsPerEpoch() + " an epoch, in the last of which " + left
                        + " candidates a block are left, expected 1: train more epochs, lower finalFraction, or say"
                        + " perEpoch = false");
            }
        }
        return problems;
    }

    private static void require(List<String> problems, boolean sound, String key, double value, String expected) {
        if (!sound) {
            problems.add(key + " is " + value + ", expected " + expected);
        }
    }

    @Override
    public TrainingMethod create(LbcConfiguration configuration, MethodContext context) {
        Candidates candidates = new Candidates(context.nm());
        SurvivorSchedule schedule = SurvivorSchedule.of(configuration, context);
        return new LayerwiseMethod<>(
                NAME,
                context + ", " + configuration,
                (index, layer) -> new LbcLayer(
                        layer, context.nm(), candidates, schedule, context.momentum(), configuration.scoreDecay()));
    }

    @Override
    public CostModel costs(LbcConfiguration configuration, MethodContext context) {
        return new LbcCosts(configuration, context);
    }

    /** The mean of the first phase's timed steps is that of the whole removal. */
    @Override
    public List<MethodPhase> phases(int untimedSteps, int timedSteps) {
        // One step more, in which one candidate is left.
        long steps = untimedSteps + timedSteps + 1L;
        return List.of(
                new MethodPhase(
                        "removal",
                        "candidates are removed over the timed steps",
                        Map.of(
                                "initialFraction", untimedSteps / (double) steps,
                                "finalFraction", (steps - 1) / (double) steps,
                                "perEpoch", false),
                        steps,
                        (int) steps),
                new MethodPhase(
                        MethodPhase.STEADY,
                        "one candidate a block is left: all three products on the fixed mask",
                        Map.of("initialFraction", 0.0, "finalFraction", 0.0),
                        steps,
                        (int) steps));
    }
}
