package org.bame.harness.run;

import org.bame.harness.recipes.Recipe;
import org.bame.harness.recipes.Recipe.DecayOn;
import org.bame.layer.KernelPolicy;
import org.bame.layer.LearningRateSchedule;
import org.bame.layer.OptimizerSettings;
import org.bame.layer.SparseTrainer;

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
                kernelPolicy);
    }

    /** Its optimizer. */
    public static OptimizerSettings optimizer(Recipe recipe) {
        return new OptimizerSettings.Sgd(
                recipe.momentum(), recipe.nesterov(), recipe.weightDecay(), recipe.decayOn() == DecayOn.ALL, 0);
    }

    /** A warm-up as long as the whole run leaves the cosine no step; it is then cut by one. */
    private static LearningRateSchedule schedule(Recipe recipe, long totalSteps, int stepsPerEpoch) {
        long warmup = Math.min(Math.round(recipe.warmupEpochs() * stepsPerEpoch), totalSteps - 1);
        return switch (recipe.schedule()) {
            case CONSTANT -> new LearningRateSchedule.Constant(recipe.learningRate());
            case COSINE ->
                new LearningRateSchedule.Cosine(
                        recipe.learningRate(), recipe.finalLearningRate(), warmup, totalSteps, 1);
            case COSINE_PER_EPOCH ->
                new LearningRateSchedule.Cosine(
                        recipe.learningRate(), recipe.finalLearningRate(), warmup, totalSteps, stepsPerEpoch);
        };
    }
}
