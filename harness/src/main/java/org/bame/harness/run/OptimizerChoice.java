package org.bame.harness.run;

import org.bame.harness.recipes.Recipe;
import org.bame.harness.recipes.Recipe.DecayOn;
import org.bame.layer.KernelPolicy;
import org.bame.layer.LearningRateSchedule;
import org.bame.layer.OptimizerSettings;
import org.bame.layer.SparseTrainer;
import org.bame.method.Optimizer;

/** A recipe in the trainer's terms. */
public final class OptimizerChoice {

    private OptimizerChoice() {}

    /** Of a run whose steps go through the recipe's schedule so many times. */
    static SparseTrainer.Settings settings(
            Recipe recipe, int cycles, long totalSteps, int stepsPerEpoch, KernelPolicy kernelPolicy) {
        long cycleSteps = totalSteps / cycles;
        LearningRateSchedule cycle = schedule(recipe, cycleSteps, stepsPerEpoch);
        return new SparseTrainer.Settings(
                optimizer(recipe),
                cycles == 1 ? cycle : new LearningRateSchedule.Restarted(cycle, cycleSteps),
                totalSteps,
                stepsPerEpoch,
                kernelPolicy,
                recipe.emaDecay());
    }

    /** Its optimizer. */
    public static OptimizerSettings optimizer(Recipe recipe) {
        boolean all = recipe.decayOn() == DecayOn.ALL;
        return switch (recipe.optimizer()) {
            case Optimizer.Sgd sgd ->
                new OptimizerSettings.Sgd(
                        sgd.momentum(), sgd.nesterov(), recipe.weightDecay(), all, recipe.clipNorm());
            case Optimizer.AdamW adam ->
                new OptimizerSettings.AdamW(
                        adam.beta1(), adam.beta2(), adam.epsilon(), recipe.weightDecay(), all, recipe.clipNorm());
        };
    }

    /** A warm-up as long as the whole run leaves the cosine no step; it is then cut by one. */
    private static LearningRateSchedule schedule(Recipe recipe, long totalSteps, int stepsPerEpoch) {
        long warmup = Math.min(Math.round(recipe.warmupEpochs() * stepsPerEpoch), totalSteps - 1);
        return switch (recipe.schedule()) {
            case CONSTANT -> new LearningRateSchedule.Constant(recipe.learningRate());
            case COSINE -> cosine(recipe, warmup, totalSteps, 1);
            case COSINE_PER_EPOCH -> cosine(recipe, warmup, totalSteps, stepsPerEpoch);
        };
    }

    private static LearningRateSchedule cosine(Recipe recipe, long warmup, long totalSteps, int holdSteps) {
        return new LearningRateSchedule.Cosine(
                recipe.warmupLearningRate(),
                recipe.learningRate(),
                recipe.finalLearningRate(),
                warmup,
                totalSteps,
                holdSteps);
    }
}
