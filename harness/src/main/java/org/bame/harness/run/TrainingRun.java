package org.bame.harness.run;

import java.time.Duration;
import java.util.List;
import org.bame.datasets.DataSet;
import org.bame.datasets.SourceFile;
import org.bame.flops.FlopsAccount;
import org.bame.flops.LayerCosts;
import org.bame.harness.environment.MemoryProbe;
import org.bame.harness.environment.ProcessCpuClock;
import org.bame.harness.networks.NetworkFactory;
import org.bame.harness.recipes.Recipe;
import org.bame.harness.results.EpochRow;
import org.bame.harness.results.ResultsException;
import org.bame.harness.results.ResultsFolder;
import org.bame.harness.results.RunRow;
import org.bame.harness.results.RunStatus;
import org.bame.harness.sweep.RunSpec;
import org.bame.kernel.Kernels;
import org.bame.layer.Clock;
import org.bame.layer.InvariantException;
import org.bame.layer.KernelPolicy;
import org.bame.layer.LayerReport;
import org.bame.layer.SparseTrainer;
import org.bame.method.LayerStatistics;
import org.bame.method.MethodContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains one run from its beginning or its checkpoint to its end. Rows are written before the checkpoint that covers
 * them: after a kill between the two the epoch is repeated, its rows come out the same, and the files leave them out.
 */
final class TrainingRun implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);

    private final RunSpec spec;
    private final Recipe recipe;
    private final ResultsFolder folder;
    private final RunObserver observer;
    private final List<String> dataSha256;
    private final RunSamples samples;
    private final SparseTrainer trainer;
    private final Kernels kernels;
    private final RunRows rows;
    private final Checkpoint checkpoint;
    private final long checkpointNanos;
    private final boolean acceptOtherKernels;
    private final ProcessCpuClock processCpu = new ProcessCpuClock();
    private RunProgress progress;
    /** What earlier processes measured. */
    private RunMeasures before;
    private long loggingNanos;
    private long lastCheckpointNanos;

    TrainingRun(
            RunSpec spec,
            NetworkFactory network,
            DataSet data,
            Kernels kernels,
            KernelPolicy kernelPolicy,
            ResultsFolder folder,
            String environmentId,
            Duration checkpointInterval,
            boolean acceptOtherKernels,
            RunObserver observer) {
        this.spec = spec;
        this.recipe = spec.workload().recipe();
        this.folder = folder;
        this.observer = observer;
        this.kernels = kernels;
        this.dataSha256 = data.provenance().files().stream().map(SourceFile::sha256).toList();
        this.samples = RunSamples.of(data, spec);
        MethodContext context = spec.context(samples.trainSize());
        this.trainer = Trainers.create(spec, network, samples, kernels, kernelPolicy, context);
        FlopsAccount account = new FlopsAccount(
                network.weightedLayers(samples.input(), samples.classes()),
                spec.pattern(),
                network.extraMacsPerSample(samples.input(), samples.classes()));
        LayerCosts planned = spec.method().costs(context);
        this.rows = new RunRows(
                environmentId,
                spec.key(),
                account,
                () -> own -> trainer.method().costs(planned.on(own)),
                spec.method().cycles(),
                context.totalSteps(),
                context.stepsPerEpoch(),
                recipe.batch());
        this.checkpoint = new Checkpoint(folder.checkpoint(spec.runId()));
        this.checkpointNanos = checkpointInterval.toNanos();
        this.acceptOtherKernels = acceptOtherKernels;
    }

    /**
     * Trains to the end.
     *
     * @param number of the run in its sweep, from 1
     * @param runs in the sweep
     * @param epochsBehind of the runs that the sweep trains behind this one
     */
    RunRow train(int number, int runs, long epochsBehind) {
        MemoryProbe.resetPeak();
        begin();
        observer.started(spec, number, runs, epochsBehind, rows.totalSteps(), trainer.stepIndex());
        lastCheckpointNanos = System.nanoTime();
        RunStatus status = RunStatus.FINISHED;
        while (progress.epoch() < spec.epochs() && status == RunStatus.FINISHED) {
            status = epoch();
        }
        return end(status);
    }

    private void begin() {
        before = RunMeasures.none(kernels);
        progress = RunProgress.START;
        if (!checkpoint.exists()) {
            return;
        }
        RunState state = checkpoint.state();
        if (state.dataSha256() != null && !state.dataSha256().equals(dataSha256)) {
            throw new ResultsException(spec.runId() + " was begun on data with SHA-256 " + state.dataSha256()
                    + ", and this process read " + dataSha256
                    + ". Go on with the same files (--data-dir), or give other data another --out.");
        }
        before = state.measures();
        progress = state.progress();
        String then = before.provider() + " on " + before.threads() + " threads";
        String now = kernels.provider() + " on " + kernels.threads() + " threads";
        if (!then.equals(now)) {
            String difference = spec.runId() + " was begun with " + then + ", and this process has " + now
                    + ": its times would be of neither, and with other vectors its last bits too";
            if (!acceptOtherKernels) {
                throw new ResultsException(difference + ". Go on with the same (--threads " + before.threads()
                        + "), or say --accept-other-kernels, or give another --out.");
            }
            LOG.warn(difference);
        }
        checkpoint.restore(trainer);
    }

    private RunStatus trainEpoch() {
        processCpu.start();
        try (RunSamples.Pass batches = samples.training(progress.epoch(), progress.stepInEpoch())) {
            while (batches.hasNext()) {
                long start = System.nanoTime();
                BatchArrays batch = batches.next();
                trainer.clocks().add(Clock.DATA_WAIT, System.nanoTime() - start);
                double loss = trainer.step(batch.features(), batch.labels());
                progress = progress.step(loss);
                if (!Double.isFinite(loss)) {
                    return RunStatus.DIVERGED;
                }
                observer.stepped(spec, trainer.stepIndex(), loss);
                // The end of the epoch saves anyway.
                if (batches.hasNext() && System.nanoTime() - lastCheckpointNanos > checkpointNanos) {
                    processCpu.stop();
                    save(state());
                    processCpu.start();
                }
            }
        } finally {
            processCpu.stop();
        }
        return RunStatus.FINISHED;
    }

    /** Mask selection refuses scores that are no numbers, and may do so before a loss shows them. */
    private RunStatus epoch() {
        try {
            RunStatus status = trainEpoch();
            if (status == RunStatus.FINISHED) {
                endEpoch();
            }
            return status;
        } catch (InvariantException e) {
            observer.failed(spec, e);
            return RunStatus.FAILED;
        } catch (ArithmeticException e) {
            ComputationGraph graph = trainer.graph();
            if (isFinite(graph.params()) && isFinite(graph.getFlattenedGradients())) {
                throw e;
            }
            LOG.debug("{} diverged: {}", spec.runId(), e.getMessage());
            return RunStatus.DIVERGED;
        }
    }

    private static boolean isFinite(INDArray array) {
        return Double.isFinite(array.sumNumber().doubleValue());
    }

    private void endEpoch() {
        TestResult result = Evaluation.of(samples, trainer);
        // Behind the evaluation, so that the masks it used are among those looked at.
        trainer.verifyInvariants();
        List<LayerReport> layers = trainer.layers();
        List<LayerStatistics> statistics =
                spec.isDense() ? List.of() : trainer.method().statistics();
        double learningRate = trainer.settings().schedule().rate(trainer.stepIndex() - 1);
        progress = progress.endEpoch(result.top1(), RunRows.density(statistics, layers), statistics);
        RunState state = state();
        EpochRow row = rows.epoch(state, layers, learningRate);
        long start = System.nanoTime();
        folder.epochs().append(List.of(row));
        loggingNanos += System.nanoTime() - start;
        save(state);
        observer.epochEnded(spec, row, result);
    }

    private void save(RunState state) {
        long start = System.nanoTime();
        folder.masks().append(rows.masks(trainer.method().drainAdaptations()));
        checkpoint.save(trainer, state);
        lastCheckpointNanos = System.nanoTime();
        loggingNanos += lastCheckpointNanos - start;
    }

    private RunRow end(RunStatus status) {
        RunState state = state();
        List<LayerReport> layers = trainer.layers();
        folder.masks().append(rows.masks(trainer.method().drainAdaptations()));
        folder.layers().append(rows.layers(state, layers));
        // Last: this row says that the run is over.
        RunRow row = rows.run(state, layers, status);
        folder.runs().append(List.of(row));
        observer.ended(spec, row);
        return row;
    }

    private RunState state() {
        return new RunState(
                progress, before.plus(trainer, loggingNanos, processCpu.nanos(), kernels), dataSha256);
    }

    @Override
    public void close() {
        trainer.close();
    }
}
