package org.bame.harness.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.bame.datasets.DataRequest;
import org.bame.harness.Suite;
import org.bame.harness.config.Problems;
import org.bame.harness.device.Device;
import org.bame.harness.device.KernelChoice;
import org.bame.harness.results.ResultsFolder;
import org.bame.harness.run.SweepOutcome;
import org.bame.harness.run.SweepRunner;
import org.bame.harness.run.SweepSettings;
import org.bame.harness.sweep.Sweep;
import org.bame.layer.KernelPolicy;
import picocli.CommandLine.Option;

/** Options of the commands that train, and what these commands have in common. */
final class TrainingOptions {

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder for results. Default: results-NAME. A run that is finished there is not run again; one that"
                    + " was interrupted goes on.")
    private Optional<Path> out;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Folder of data sets, or the file of a text. Default: $BAME_DATA_DIR, else ~/.cache/bame/data.")
    private Optional<Path> dataDir;

    @Option(names = "--no-download", description = "Fail rather than download missing data.")
    private boolean noDownload;

    @Option(
            names = "--data-threads",
            paramLabel = "N",
            description = "Threads that decode image files ahead of training; changes no result. Default: one a processor.")
    private Optional<Integer> dataThreads;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of a product. Default: one a processor.")
    private Optional<Integer> threads;

    @Option(names = "--device", paramLabel = "NAME", defaultValue = "cpu", description = "Default: ${DEFAULT-VALUE}.")
    private String device;

    @Option(
            names = "--kernels",
            defaultValue = "simd",
            description = "${COMPLETION-CANDIDATES}. Scalar ones run anywhere, hundreds of times slower.")
    private KernelChoice kernels;

    @Option(
            names = "--kernel-policy",
            defaultValue = "sparse",
            description = "${COMPLETION-CANDIDATES}. How products on masks run: always by the kernel that skips the zeros, or by"
                    + " it or masked dense arithmetic, whichever is faster by a measurement at the start (layers.csv says"
                    + " simulated of what ran dense). Default: ${DEFAULT-VALUE}.")
    private KernelPolicy kernelPolicy;

    @Option(
            names = "--checkpoint-minutes",
            paramLabel = "N",
            defaultValue = "10",
            description = "Longest time between checkpoints; each epoch ends with one. Default: ${DEFAULT-VALUE}.")
    private double checkpointMinutes;

    @Option(
            names = "--accept-other-kernels",
            description = "Go on with an interrupted run that was begun with other threads or vectors, though its times are then"
                    + " of neither.")
    private boolean acceptOtherKernels;

    @Option(
            names = "--no-warm-up",
            description = "Start at once. Without the untimed first steps the first run pays for Java's compiler.")
    private boolean noWarmUp;

    @Option(
            names = "--table",
            defaultValue = "text",
            description = "${COMPLETION-CANDIDATES}. How the table at the end is written; of a sweep that is finished the same"
                    + " command only prints it. Default: ${DEFAULT-VALUE}.")
    private TableStyle table;

    @Option(names = "--plain", description = "Progress as lines even on a terminal.")
    private boolean plain;

    /** Notes mistakes in these options, before anything is done. */
    void check(Suite suite, Problems problems) {
        suite.devices().find(device, "--device", problems);
        threads.ifPresent(count -> ThreadCount.check("--threads", count, problems));
        dataThreads.ifPresent(count -> ThreadCount.check("--data-threads", count, problems));
        if (!(checkpointMinutes > 0)) {
            problems.add("--checkpoint-minutes", String.valueOf(checkpointMinutes), "a number above 0");
        }
    }

    /**
     * Training downloads of its own accord, and must not do so into a folder that is only a typing error.
     *
     * @throws org.bame.datasets.DataSetException if the folder of data sets does not exist
     */
    void requireData() {
        DataFolder.requireThere(dataDir);
    }

    /** Trains what is not yet trained, and shows the table. */
    int train(Suite suite, Sweep sweep, PrintWriter output, PrintWriter err) {
        Device chosen = suite.devices().get(device, "--device");
        SweepSettings settings = new SweepSettings(
                dataRequest(err),
                chosen,
                kernels,
                kernelPolicy,
                threads.orElseGet(chosen::usualThreads),
                Duration.ofMillis((long) (checkpointMinutes * Duration.ofMinutes(1).toMillis())),
                acceptOtherKernels,
                !noWarmUp);
        ResultsFolder folder = ResultsFolder.open(out.orElse(Path.of("results-" + sweep.name())));
        LineProgress progress = plain || !isTerminal() ? new LineProgress(err) : new BarProgress(err);
        SweepOutcome outcome = new SweepRunner(suite, settings, progress).run(sweep, folder);
        ResultTable.print(sweep, folder, table, output);
        if (outcome.elsewhere() > 0) {
            err.println("Not finished: " + outcome.elsewhere() + " of " + sweep.runs().size()
                    + " runs, which another process is training. When it is done, the same command shows them.");
        }
        if (outcome.refused() > 0) {
            return ExitCode.USAGE;
        }
        return outcome.isComplete() ? ExitCode.OK : ExitCode.RUN_FAILED;
    }

    private DataRequest dataRequest(PrintWriter err) {
        DataRequest request = new DataRequest(dataDir, !noDownload, err::println);
        return dataThreads.map(request::decodingWith).orElse(request);
    }

    private static boolean isTerminal() {
        return System.console() != null && System.console().isTerminal();
    }
}
