package org.bame.harness.run;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.bame.datasets.DataSet;
import org.bame.datasets.DataSetException;
import org.bame.datasets.ImageDataSet;
import org.bame.datasets.TextDataSet;
import org.bame.harness.Suite;
import org.bame.harness.config.Problems;
import org.bame.harness.environment.EnvironmentProbe;
import org.bame.harness.networks.NetworkFactory;
import org.bame.harness.results.EnvironmentRow;
import org.bame.harness.results.ResultsException;
import org.bame.harness.results.ResultsFolder;
import org.bame.harness.results.RunLock;
import org.bame.harness.results.RunRow;
import org.bame.harness.results.RunStatus;
import org.bame.harness.sweep.RunSpec;
import org.bame.harness.sweep.Sweep;
import org.bame.harness.sweep.Workload;
import org.bame.kernel.Kernels;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains the runs of a sweep that its results folder does not have yet, one after the other. Several processes may work
 * on one folder: each run is one process's at a time.
 */
public final class SweepRunner {

    private static final Logger LOG = LoggerFactory.getLogger(SweepRunner.class);

    private final Suite suite;
    private final SweepSettings settings;
    private final RunObserver observer;

    /**
     * @param suite what the runs name
     * @param settings how to run
     * @param observer watches
     */
    public SweepRunner(Suite suite, SweepSettings settings, RunObserver observer) {
        this.suite = suite;
        this.settings = settings;
        this.observer = observer;
    }

    /**
     * Trains what is left.
     *
     * @throws org.bame.datasets.DataSetException if data cannot be used; before anything is trained
     * @throws org.bame.harness.config.ConfigurationException if a method refuses a run; before anything is trained
     */
    public SweepOutcome run(Sweep sweep, ResultsFolder folder) {
        Map<String, RunStatus> over = statuses(folder);
        List<RunSpec> open =
                sweep.runs().stream().filter(run -> !over.containsKey(run.runId())).toList();
        Map<String, DataSet> data = load(open);
        check(open, data);
        Map<End, Integer> ends = new EnumMap<>(End.class);
        Set<String> elsewhere = new LinkedHashSet<>();
        if (open.isEmpty()) {
            sweep.runs().forEach(run -> count(skip(run, over.get(run.runId())), ends));
        } else {
            try (Kernels kernels = settings.device().open(settings.threads(), settings.kernels())) {
                LOG.info("{} on {} threads: {}", kernels.provider(), kernels.threads(), kernels.description());
                Map<String, String> environments = environments(data, kernels, folder);
                if (settings.warmUp()) {
                    warmUp(open, data, kernels);
                }
                for (int i = 0; i < sweep.runs().size(); i++) {
                    RunSpec run = sweep.runs().get(i);
                    RunStatus before = over.get(run.runId());
                    long epochsBehind = sweep.runs().stream()
                            .skip(i + 1)
                            .filter(behind -> !over.containsKey(behind.runId()))
                            .mapToLong(RunSpec::epochs)
                            .sum();
                    Place place = new Place(i + 1, sweep.runs().size(), epochsBehind);
                    End end =
                            before != null ? skip(run, before) : take(run, place, data, kernels, folder, environments);
                    if (end == End.ELSEWHERE) {
                        elsewhere.add(run.runId());
                    } else {
                        count(end, ends);
                    }
                }
            }
            recountElsewhere(elsewhere, folder, ends);
        }
        return new SweepOutcome(
                ends.getOrDefault(End.TRAINED, 0) + ends.getOrDefault(End.TRAINED_DIVERGED, 0),
                ends.getOrDefault(End.SKIPPED, 0)
                        + ends.getOrDefault(End.SKIPPED_DIVERGED, 0)
                        + ends.getOrDefault(End.SKIPPED_FAILED, 0),
                ends.getOrDefault(End.TRAINED_DIVERGED, 0) + ends.getOrDefault(End.SKIPPED_DIVERGED, 0),
                ends.getOrDefault(End.FAILED, 0) + ends.getOrDefault(End.SKIPPED_FAILED, 0),
                ends.getOrDefault(End.REFUSED, 0),
                ends.getOrDefault(End.ELSEWHERE, 0));
    }

    /** Trains a run unless another process does or did. */
    private End take(
            RunSpec run,
            Place place,
            Map<String, DataSet> data,
            Kernels kernels,
            ResultsFolder folder,
            Map<String, String> environments) {
        Optional<RunLock> taken = folder.tryLock(run.runId());
        if (taken.isEmpty()) {
            observer.skipped(run, "another process is training it");
            return End.ELSEWHERE;
        }
        try (RunLock _ = taken.get()) {
            // It may have been finished between the reading of the file and the lock.
            RunStatus meanwhile = statuses(folder).get(run.runId());
            if (meanwhile != null) {
                return skip(run, meanwhile);
            }
            NetworkFactory network = suite.networks().get(run.workload().network(), run.runId());
            String dataSet = run.workload().dataSet();
            try (TrainingRun training = new TrainingRun(
                    run,
                    network,
                    data(run, data),
                    kernels,
                    settings.kernelPolicy(),
                    folder,
                    environments.get(dataSet),
                    settings.checkpointInterval(),
                    settings.acceptOtherKernels(),
                    observer)) {
                RunRow row = training.train(place.number(), place.runs(), place.epochsBehind());
                return switch (row.status()) {
                    case FINISHED -> End.TRAINED;
                    case DIVERGED -> End.TRAINED_DIVERGED;
                    case FAILED -> End.FAILED;
                };
            }
        } catch (OutOfMemoryError e) {
            // What it had is free again, and the other runs may need less.
            observer.failed(run, new MemoryException(e));
            return End.FAILED;
        } catch (ResultsException e) {
            LOG.debug("Run {} refused", run.runId(), e);
            observer.failed(run, e);
            return End.REFUSED;
        } catch (DataSetException e) {
            // Damaged files would end the other runs as well, each after as much training.
            throw e;
        } catch (RuntimeException e) {
            LOG.debug("Run {} failed", run.runId(), e);
            observer.failed(run, MemoryException.behind(e).map(RuntimeException.class::cast).orElse(e));
            return End.FAILED;
        }
    }

    private End skip(RunSpec run, RunStatus status) {
        observer.skipped(run, status == RunStatus.FAILED
                ? "it failed, and its rows are there; to train it again give another --out, or remove its rows and checkpoint"
                : "its results are there already");
        return skipped(status);
    }

    private static End skipped(RunStatus status) {
        return switch (status) {
            case FINISHED -> End.SKIPPED;
            case DIVERGED -> End.SKIPPED_DIVERGED;
            case FAILED -> End.SKIPPED_FAILED;
        };
    }

    /** What another process was training when its turn came may be finished by now. */
    private static void recountElsewhere(Set<String> elsewhere, ResultsFolder folder, Map<End, Integer> ends) {
        Map<String, RunStatus> now = elsewhere.isEmpty() ? Map.of() : statuses(folder);
        for (String runId : elsewhere) {
            RunStatus status = now.get(runId);
            count(status == null ? End.ELSEWHERE : skipped(status), ends);
        }
    }

    private static void count(End end, Map<End, Integer> ends) {
        ends.merge(end, 1, Integer::sum);
    }

    private static Map<String, RunStatus> statuses(ResultsFolder folder) {
        Map<String, RunStatus> statuses = new HashMap<>();
        folder.runs().forEachRow(row -> statuses.put(row.get("run_id"), RunStatus.parse(row.get("status"))));
        return statuses;
    }

    /** Loads what the runs train on; tells all that cannot be. */
    private Map<String, DataSet> load(List<RunSpec> runs) {
        Map<String, DataSet> data = new LinkedHashMap<>();
        Map<String, DataSetException> unusable = new LinkedHashMap<>();
        for (RunSpec run : runs) {
            String name = run.workload().dataSet();
            if (data.containsKey(name) || unusable.containsKey(name)) {
                continue;
            }
            try {
                data.put(name, suite.dataSets().get(name, run.runId()).load(settings.data()));
            } catch (DataSetException e) {
                unusable.put(name, e);
            }
        }
        if (!unusable.isEmpty()) {
            throw together(List.copyOf(unusable.values()));
        }
        return data;
    }

    private static DataSetException together(List<DataSetException> unusable) {
        if (unusable.size() == 1) {
            return unusable.getFirst();
        }
        String messages = unusable.stream().map(Throwable::getMessage).collect(Collectors.joining("\n"));
        return new DataSetException(
                unusable.size() + " data sets cannot be used:\n" + messages, unusable.getFirst());
    }

    /** A run's data, with images of the size that its recipe asks for. */
    private static DataSet data(RunSpec run, Map<String, DataSet> data) {
        return switch (data.get(run.workload().dataSet())) {
            case ImageDataSet images -> images.at(run.workload().recipe().imageSize());
            case TextDataSet text -> text;
        };
    }

    /** Again, now that the number of images is known for every data set. */
    private static void check(List<RunSpec> runs, Map<String, DataSet> data) {
        Problems problems = new Problems();
        for (RunSpec run : runs) {
            Workload workload = run.workload();
            int available = data(run, data).trainSize();
            int images = workload.trainImages() == 0 ? available : Math.min(available, workload.trainImages());
            if (workload.recipe().stepsPerEpoch(images) < 1) {
                problems.add(
                        run.runId(),
                        "a batch of " + workload.recipe().batch() + " for " + images + " training images",
                        "at least one batch an epoch",
                        "Use a smaller batch or more images.");
            } else {
                run.method()
                        .problems(run.context(images))
                        .forEach(problem -> problems.add(run.runId(), problem));
            }
        }
        problems.throwIfAny();
    }

    /** Each method once, on the workload of its first run. */
    private void warmUp(List<RunSpec> runs, Map<String, DataSet> data, Kernels kernels) {
        LOG.info("Warming up, untimed");
        Set<String> methods = new HashSet<>();
        for (RunSpec run : runs) {
            if (methods.add(run.method().label())) {
                try {
                    NetworkFactory network = suite.networks().get(run.workload().network(), run.runId());
                    WarmUp.run(
                            run, network, data(run, data), kernels, settings.kernelPolicy());
                } catch (RuntimeException | OutOfMemoryError e) {
                    // Its run will tell, and the other methods' runs are not to suffer.
                    LOG.warn("Warming up {} failed and is left out: {}", run.method().label(), e.toString());
                    LOG.debug("Warming up {} failed", run.method().label(), e);
                }
            }
        }
    }

    private Map<String, String> environments(
            Map<String, DataSet> data, Kernels kernels, ResultsFolder folder) {
        Map<String, String> ids = new HashMap<>();
        data.forEach((name, set) -> {
            EnvironmentRow row = EnvironmentProbe.probe(
                    settings.device(), kernels, settings.kernelPolicy(), set.provenance());
            folder.environments().append(List.of(row));
            ids.put(name, row.id());
        });
        return ids;
    }

    private record Place(int number, int runs, long epochsBehind) {}

    private enum End {
        TRAINED,
        TRAINED_DIVERGED,
        SKIPPED,
        SKIPPED_DIVERGED,
        SKIPPED_FAILED,
        FAILED,
        REFUSED,
        ELSEWHERE
    }
}
