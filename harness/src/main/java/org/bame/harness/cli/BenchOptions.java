package org.bame.harness.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.bame.datasets.DataProvenance;
import org.bame.harness.Suite;
import org.bame.harness.config.Problems;
import org.bame.harness.device.Device;
import org.bame.harness.environment.EnvironmentProbe;
import org.bame.harness.peer.Peers;
import org.bame.harness.results.EnvironmentRow;
import org.bame.harness.results.ResultsFolder;
import org.bame.kernel.Kernels;
import org.bame.layer.KernelPolicy;
import picocli.CommandLine.Option;

/** Options of the benchmarks, and what these commands have in common. */
final class BenchOptions {

    private static final DataProvenance RANDOM = new DataProvenance("random numbers", List.of(), List.of());

    @Option(names = "--device", paramLabel = "NAME", defaultValue = "cpu", description = "Default: ${DEFAULT-VALUE}.")
    private String device;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of numbers and masks. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Append rows to the CSV files there, too. Rows of one call share the column started_at.")
    private Optional<Path> out;

    private final String startedAt = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();

    Optional<Device> device(Suite suite, Problems problems) {
        return suite.devices().find(device, "--device", problems);
    }

    long seed() {
        return seed;
    }

    /** Device and seed, written out for a child process. */
    List<String> arguments() {
        return List.of("--device=" + device, "--seed=" + seed);
    }

    /** When the benchmark began. */
    String startedAt() {
        return startedAt;
    }

    /** Where rows go, found fit to take them before anything is measured. */
    Optional<ResultsFolder> folder() {
        return out.map(ResultsFolder::open);
    }

    /** Records machine and build of a benchmark whose masks are all skipped by the kernels, and returns their id. */
    static String environmentId(ResultsFolder folder, Device device, Kernels kernels, Peers peers) {
        return environmentId(folder, device, kernels, KernelPolicy.SPARSE, peers);
    }

    /** Records machine, build and settings of the other libraries, and returns their id. */
    static String environmentId(
            ResultsFolder folder, Device device, Kernels kernels, KernelPolicy kernelPolicy, Peers peers) {
        EnvironmentRow row = EnvironmentProbe.probe(
                device, kernels, kernelPolicy, RANDOM, peers.settings(kernels.threads()));
        folder.environments().append(List.of(row));
        return row.id();
    }

    static void requireAtLeast(String option, long value, long least, Problems problems) {
        if (value < least) {
            problems.add(option, String.valueOf(value), "at least " + least);
        }
    }
}
