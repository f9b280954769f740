package org.bame.harness.measure;

import java.util.List;
import org.bame.harness.config.Problems;
import org.bame.harness.environment.MemoryProbe;
import org.bame.kernel.Kernels;

/** Measures the steps of one method alone in this process, in the last of its phases. */
public final class SoloStepBenchmark {

    private SoloStepBenchmark() {}

    /**
     * Takes untimed steps, at least as many as planned and for a while, then timed ones.
     *
     * @param plan with one method, and one pattern if it has a use for one
     * @param leastWarmUpNanos how long untimed steps are taken at least: the compiler is busy with the first seconds
     * @throws org.bame.harness.config.ConfigurationException if the method refuses its pattern or the number of steps
     */
    public static ScaleMeasurement.Figures measure(StepBenchmarkPlan plan, long leastWarmUpNanos, Kernels kernels) {
        Problems problems = new Problems();
        List<StepVariant> phases = StepVariant.all(plan, problems);
        problems.throwIfAny();
        RandomBatch batch = RandomBatch.of(plan.batch(), plan.data(), plan.seed());
        try (StepTrainer trainer = new StepTrainer(phases.getLast(), plan, batch, kernels)) {
            long start = System.nanoTime();
            do {
                trainer.warmUp(plan.warmUpSteps());
            } while (System.nanoTime() - start < leastWarmUpNanos);
            for (int step = 0; step < plan.steps(); step++) {
                trainer.time();
            }
            return new ScaleMeasurement.Figures(
                    kernels.provider(), Spread.of(trainer.nanos()), MemoryProbe.peakBytes());
        }
    }
}
