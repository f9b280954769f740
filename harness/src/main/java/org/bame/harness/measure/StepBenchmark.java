package org.bame.harness.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bame.harness.config.Problems;
import org.bame.harness.peer.Peers;
import org.bame.kernel.Kernels;

/**
 * Measures whole training steps. Every variant has a network of its own; they take turns of a few steps each, so that whatever
 * disturbs the machine for a while disturbs all alike. All networks are in memory at once.
 */
public final class StepBenchmark {

    /** Steps of a turn: the first of a turn finds cold caches, which a run does not; with ten that is little. */
    static final int TURN_STEPS = 10;
    /** The compiler is busy with the first steps, and they allocate what later ones reuse. */
    static final int FIRST_STEPS = 2;
    private static final double NANOS = 1e9;

    private final StepBenchmarkPlan plan;
    private final List<StepVariant> variants;
    private final Kernels kernels;
    private final Peers peers;
    private final MeasureObserver observer;

    /**
     * @param plan what to measure
     * @param kernels to compute with
     * @param peers to compare with
     * @param observer watches
     * @throws org.bame.harness.config.ConfigurationException if a method refuses its pattern or the number of steps
     */
    public StepBenchmark(StepBenchmarkPlan plan, Kernels kernels, Peers peers, MeasureObserver observer) {
        Problems problems = new Problems();
        this.plan = plan;
        this.variants = StepVariant.all(plan, problems);
        this.kernels = kernels;
        this.peers = peers;
        this.observer = observer;
        problems.throwIfAny();
    }

    /** Measures all variants. */
    public List<StepMeasurement> run() {
        RandomBatch batch =
                RandomBatch.of(plan.batch(), plan.data().image(), plan.data().classes(), plan.seed());
        List<StepTrainer> trainers = new ArrayList<>();
        List<Long> peaks = new ArrayList<>();
        int warmUp = Math.max(FIRST_STEPS, plan.warmUpSteps());
        long total = (long) variants.size() * (warmUp + plan.steps());
        long done = 0;
        try {
            TrainerMemory memory = TrainerMemory.begin();
            for (StepVariant variant : variants) {
                peaks.add(memory.peakBytes(() -> {
                    StepTrainer trainer = new StepTrainer(variant, plan, batch, kernels);
                    trainers.add(trainer);
                    trainer.warmUp(FIRST_STEPS);
                }));
                done += FIRST_STEPS;
                observer.progress("first steps of " + variant, done, total);
            }
            for (StepTrainer trainer : trainers) {
                trainer.warmUp(warmUp - FIRST_STEPS);
                done += warmUp - FIRST_STEPS;
                observer.progress("warming up " + trainer.variant(), done, total);
            }
            try (StepPeers others = StepPeers.start(peers, plan, batch, trainers, observer)) {
                wakeThreads(trainers.getFirst());
                for (int from = 0; from < plan.steps(); from += TURN_STEPS) {
                    int turn = Math.min(TURN_STEPS, plan.steps() - from);
                    for (StepTrainer trainer : trainers) {
                        trainer.time(turn);
                        done += turn;
                        observer.progress(
                                trainer.variant() + ", steps to " + (from + turn) + "/" + plan.steps(), done, total);
                    }
                    if (others.turn(turn)) {
                        wakeThreads(trainers.getFirst());
                    }
                }
                return others.compare(measurements(trainers, peaks));
            }
        } finally {
            trainers.forEach(StepTrainer::close);
        }
    }

    /** Of the kernels, which have slept while others worked. The first trainer is dense: it may take any number of steps. */
    private static void wakeThreads(StepTrainer dense) {
        long start = System.nanoTime();
        do {
            dense.warmUp(1);
        } while (System.nanoTime() - start < ShapeBenchmark.WAKE_NANOS);
    }

    private List<StepMeasurement> measurements(List<StepTrainer> trainers, List<Long> peaks) {
        double dense = trainers.stream()
                .filter(trainer -> trainer.variant().isDense())
                .findFirst()
                .map(StepTrainer::meanNanos)
                .orElse(Double.NaN);
        List<StepMeasurement> measurements = new ArrayList<>();
        for (int i = 0; i < trainers.size(); i++) {
            StepTrainer trainer = trainers.get(i);
            double mean = trainer.meanNanos();
            measurements.add(new StepMeasurement(
                    kernels.provider(),
                    trainer.variant().method().label(),
                    trainer.variant().patternName(),
                    trainer.variant().phase(),
                    trainer.nanos().length,
                    Spread.of(trainer.nanos()),
                    mean,
                    plan.batch() * NANOS / mean,
                    dense / mean,
                    peaks.get(i),
                    trainer.clockMeanNanos(),
                    Optional.empty(),
                    Double.NaN));
        }
        return measurements;
    }
}
