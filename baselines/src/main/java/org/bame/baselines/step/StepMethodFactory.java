package org.bame.baselines.step;

import java.util.ArrayList;
import java.util.List;
import org.bame.flops.CostModel;
import org.bame.method.MethodContext;
import org.bame.method.MethodFactory;
import org.bame.method.MethodPhase;
import org.bame.method.Optimizer;
import org.bame.method.TrainingMethod;

/** STEP: dense AdamW until its second moments have settled, then straight-through training with these frozen. */
public final class StepMethodFactory implements MethodFactory<StepConfiguration> {
    @Override
    public String name() {
        return StepMethod.NAME;
    }

    @Override
    public String summary() {
        return "Dense AdamW until its second moments settle, then magnitude masks at every step with these frozen";
    }

    @Override
    public String reference() {
        return "Lu et al., STEP: Learning N:M Structured Sparsity Masks from Scratch with Precondition, ICML 2023,"
                + " arXiv 2302.01172";
    }

    @Override
    public StepConfiguration defaults() {
        return StepConfiguration.defaults();
    }

    @Override
    public List<String> problems(StepConfiguration c, MethodContext context) {
        List<String> problems = new ArrayList<>();
        if (!(c.maxFraction() >= 0 && c.maxFraction() < 1)) {
            problems.add("maxFraction is " + c.maxFraction()
                    + ", expected 0 to below 1: phase 2 needs the rest of the run");
        }
        if (!(c.minFraction() >= 0 && c.minFraction() <= c.maxFraction())) {
            problems.add("minFraction is " + c.minFraction() + ", expected 0 to maxFraction (" + c.maxFraction() + ")");
        }
        if (PhaseSwitch.latest(c, context) >= context.totalSteps()) {
            problems.add("maxFraction is " + c.maxFraction() + " of " + context.totalSteps()
                    + " steps, which leaves phase 2 none: train longer, or lower it");
        }
        if (!(context.optimizer() instanceof Optimizer.AdamW)) {
            problems.add(
                    "the recipe's optimizer is sgd, expected adamW, whose second moments STEP watches and freezes: take a"
                            + " recipe with it (cifar10-deit-short, deit-imagenet), or set recipe.optimizer=adamW and a"
                            + " recipe.learningRate for it (near 0.001)");
        }
        return problems;
    }

    @Override
    public TrainingMethod create(StepConfiguration configuration, MethodContext context) {
        if (context.optimizer() instanceof Optimizer.AdamW adam) {
            return new StepMethod(configuration, context, adam);
        }
        throw new IllegalArgumentException(String.join("; ", problems(configuration, context)));
    }

    @Override
    public CostModel costs(StepConfiguration configuration, MethodContext context) {
        return new StepCosts(PhaseSwitch.latest(configuration, context), context.nm().density());
    }

    @Override
    public List<MethodPhase> phases(int untimedSteps, int timedSteps) {
        return StepPhases.of(untimedSteps, timedSteps);
    }
}
