package org.bame.harness.measure;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.bame.harness.config.Problems;
import org.bame.harness.peer.Peers;
import org.bame.harness.run.MemoryException;
import org.bame.kernel.Kernels;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures whole training steps. Every variant has a network of its own; they take turns of a few steps each, so that whatever
 * disturbs the machine for a while disturbs all alike. All networks are in memory at once.
 */
public final class StepBenchmark {

    private static final Logger LOG = LoggerFactory.getLogger(StepBenchmark.class);

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
    private final List<StepTrainer> trainers = new ArrayList<>();
    private final Map<StepTrainer, Long> peaks = new IdentityHashMap<>();
    private final long total;
    private long done;
    private int failed;
    private volatile boolean stopped;

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
        this.total = (long) variants.size() * (warmUpSteps() + plan.steps());
        problems.throwIfAny();
    }

    /** Ends {@link #run}, on another thread, behind the step in progress: it returns what has been measured. */
    public void stop() {
        stopped = true;
    }

    /** Variants that were left out, because they diverged or there was no memory for them. */
    public int failed() {
        return failed;
    }

    /** Measures all variants; once. One that fails is left out, and the user is told. */
    public List<StepMeasurement> run() {
        RandomBatch batch = RandomBatch.of(plan.batch(), plan.data(), plan.seed());
        try {
            begin(batch);
            each(trainer -> {
                steps(warmUpSteps() - FIRST_STEPS, () -> trainer.warmUp(1));
                observer.progress("warming up " + trainer.variant(), done, total);
            });
            try (StepPeers others = StepPeers.start(stopped ? Peers.none() : peers, plan, batch, trainers, observer)) {
                wakeThreads();
                for (int from = 0; from < plan.steps() && !stopped; from += TURN_STEPS) {
                    int to = Math.min(from + TURN_STEPS, plan.steps());
                    int turn = to - from;
                    each(trainer -> {
                        steps(turn, trainer::time);
                        observer.progress(trainer.variant() + ", steps to " + to + "/" + plan.steps(), done, total);
                    });
                    if (!stopped && others.turn(turn)) {
                        wakeThreads();
                    }
                }
                return others.compare(measurements());
            }
        } finally {
            trainers.forEach(StepTrainer::close);
        }
    }

    private int warmUpSteps() {
        return Math.max(FIRST_STEPS, plan.warmUpSteps());
    }

    private void begin(RandomBatch batch) {
        TrainerMemory memory = TrainerMemory.begin();
        for (StepVariant variant : variants) {
            attempt(variant, () -> {
                long peak = memory.peakBytes(() -> {
                    StepTrainer trainer = new StepTrainer(variant, plan, batch, kernels);
                    trainers.add(trainer);
                    trainer.warmUp(FIRST_STEPS);
                });
                peaks.put(trainers.getLast(), peak);
            });
            done += FIRST_STEPS;
            observer.progress("first steps of " + variant, done, total);
        }
    }

    private void steps(int count, Runnable step) {
        for (int i = 0; i < count && !stopped; i++) {
            step.run();
        }
        done += count;
    }

    private void each(Consumer<StepTrainer> action) {
        for (StepTrainer trainer : List.copyOf(trainers)) {
            attempt(trainer.variant(), () -> action.accept(trainer));
        }
    }

    private void attempt(StepVariant variant, Runnable action) {
        if (stopped) {
            return;
        }
        try {
            action.run();
        } catch (RuntimeException | OutOfMemoryError e) {
            LOG.debug("{} failed", variant, e);
            failed++;
            trainers.stream().filter(trainer -> trainer.variant() == variant).forEach(StepTrainer::close);
            trainers.removeIf(trainer -> trainer.variant() == variant);
            peaks.keySet().removeIf(trainer -> trainer.variant() == variant);
            observer.note(variant + ": " + MemoryException.behind(e).map(Throwable::getMessage).orElseGet(e::toString)
                    + ". It is left out");
            if (variant.isDense()) {
                observer.note("Without a dense step there is nothing to compare with: the benchmark ends");
                stop();
            }
        }
    }

    /** Of the kernels, which have slept while others worked. The dense trainer may take any number of steps. */
    private void wakeThreads() {
        long start = System.nanoTime();
        trainers.stream().filter(trainer -> trainer.variant().isDense()).findFirst().ifPresent(
                dense -> attempt(dense.variant(), () -> {
                    do {
                        dense.warmUp(1);
                    } while (System.nanoTime() - start < ShapeBenchmark.WAKE_NANOS);
                }));
    }

    private List<StepMeasurement> measurements() {
        double dense = trainers.stream()
                .filter(trainer -> trainer.variant().isDense())
                .findFirst()
                .map(StepTrainer::meanNanos)
                .orElse(Double.NaN);
        List<StepMeasurement> measurements = new ArrayList<>();
        for (StepTrainer trainer : trainers) {
            if (trainer.steps() == 0) {
                observer.note(trainer.variant() + ": ended before as many timed steps as there are between two mask"
                        + " updates. It is left out");
                continue;
            }
            double mean = trainer.meanNanos();
            measurements.add(new StepMeasurement(
                    kernels.provider(),
                    trainer.variant().method().label(),
                    trainer.variant().patternName(),
                    trainer.variant().phase(),
                    trainer.steps(),
                    Spread.of(trainer.nanos()),
                    mean,
                    plan.batch() * NANOS / mean,
                    dense / mean,
                    peaks.get(trainer),
                    trainer.clockMeanNanos(),
                    Optional.empty(),
                    Double.NaN));
        }
        return measurements;
    }
}
