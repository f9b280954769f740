package org.bame.harness.measure;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.bame.harness.networks.NetworkRequest;
import org.bame.harness.run.OptimizerChoice;
import org.bame.kernel.Kernels;
import org.bame.layer.Clock;
import org.bame.layer.LearningRateSchedule;
import org.bame.layer.OptimizerSettings;
import org.bame.layer.SparseTrainer;
import org.bame.layer.StepClocks;
import org.bame.method.MethodPhase;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** A network in training by one variant, with its times. */
final class StepTrainer implements AutoCloseable {

    /** Small, so that many steps on one batch of noise stay finite; its size changes no step's time. */
    static final double LEARNING_RATE = 0.01;

    private final StepVariant variant;
    private final RandomBatch batch;
    private final SparseTrainer trainer;
    private final int updateInterval;
    private final long[] nanos;
    /** By step, as the times are. */
    private final Map<Clock, long[]> clockNanos = new EnumMap<>(Clock.class);
    private int timed;
    private double firstLoss = Double.NaN;

    StepTrainer(StepVariant variant, StepBenchmarkPlan plan, RandomBatch batch, Kernels kernels) {
        this.variant = variant;
        this.batch = batch;
        this.updateInterval = variant.method().factory().updateInterval();
        this.nanos = new long[plan.steps()];
        for (Clock clock : Clock.values()) {
            clockNanos.put(clock, new long[plan.steps()]);
        }
        OptimizerSettings optimizer = OptimizerChoice.optimizer(plan.recipe());
        NetworkRequest request = new NetworkRequest(
                plan.data().image(),
                plan.data().classes(),
                plan.seed(),
                plan.recipe().labelSmoothing(),
                optimizer.stockUpdater(LEARNING_RATE));
        MethodPhase phase = variant.phase();
        this.trainer = new SparseTrainer(
                new ComputationGraph(plan.network().build(request)),
                kernels,
                variant.pattern(),
                variant.method().create(variant.context()),
                new SparseTrainer.Settings(
                        optimizer,
                        new LearningRateSchedule.Constant(LEARNING_RATE),
                        phase.totalSteps(),
                        phase.stepsPerEpoch(),
                        plan.kernelPolicy(),
                        plan.recipe().emaDecay()));
    }

    StepVariant variant() {
        return variant;
    }

    /** Untimed steps. */
    void warmUp(int steps) {
        for (int step = 0; step < steps; step++) {
            step();
        }
    }

    /** A timed step; there are as many as planned. */
    void time() {
        StepClocks before = trainer.clocks().copy();
        long start = System.nanoTime();
        step();
        nanos[timed] = System.nanoTime() - start;
        clockNanos.forEach((clock, times) -> times[timed] = trainer.clocks().nanos(clock) - before.nanos(clock));
        timed++;
        // Nobody reads them here, and they would pile up.
        trainer.method().drainAdaptations();
    }

    private void step() {
        double loss = trainer.step(batch.features(), batch.labels());
        firstLoss = trainer.stepIndex() == 1 ? loss : firstLoss;
        if (!Double.isFinite(loss)) {
            throw new ArithmeticException("got a loss of " + loss + " at step " + trainer.stepIndex()
                    + ", expected a finite one: times of a diverged training mean nothing");
        }
    }

    /** Mean loss of the batch before any step; NaN before the first. */
    double firstLoss() {
        return firstLoss;
    }

    /** Number of the timed steps that count: in each so many, one mask update, as in a run. */
    int steps() {
        return timed - timed % updateInterval;
    }

    /** Times of these. */
    long[] nanos() {
        return Arrays.copyOf(nanos, steps());
    }

    /** Mean time of these. */
    double meanNanos() {
        return mean(nanos);
    }

    /** Where this mean time went. */
    Map<Clock, Double> clockMeanNanos() {
        Map<Clock, Double> means = new EnumMap<>(Clock.class);
        clockNanos.forEach((clock, times) -> means.put(clock, mean(times)));
        return means;
    }

    private double mean(long[] times) {
        return Arrays.stream(times, 0, steps()).average().orElse(Double.NaN);
    }

    @Override
    public void close() {
        trainer.close();
    }
}
