package org.bame.harness.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bame.datasets.DataProvenance;
import org.bame.harness.Suite;
import org.bame.harness.config.Problems;
import org.bame.harness.device.Device;
import org.bame.harness.environment.EnvironmentProbe;
import org.bame.harness.peer.PeerFolder;
import org.bame.harness.peer.PeerLibrary;
import org.bame.harness.peer.Peers;
import org.bame.harness.results.EnvironmentRow;
import org.bame.harness.results.ResultsFolder;
import org.bame.kernel.Kernels;
import org.bame.sparsity.NmPattern;
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

    @Option(
            names = "--peers",
            description = "Measure other libraries in the same rounds. They are built on first use, which downloads about 300 MB;"
                    + " one that cannot be had is left out.")
    private boolean peers;

    private final String startedAt = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();

    Optional<Device> device(Suite suite, Problems problems) {
        return suite.devices().find(device, "--device", problems);
    }

    long seed() {
        return seed;
    }

    /** Those of some libraries that the user wants to compare with: all or none. */
    Peers peers(List<PeerLibrary> libraries) {
        return peers ? new Peers(PeerFolder.ofLauncher(), libraries) : Peers.none();
    }

    /** When the benchmark began. */
    String startedAt() {
        return startedAt;
    }

    /** Where rows go, found fit to take them before anything is measured. */
    Optional<ResultsFolder> folder() {
        return out.map(ResultsFolder::open);
    }

    /** Records machine and build, and returns their id. */
    static String environmentId(ResultsFolder folder, Device device, Kernels kernels) {
        EnvironmentRow row = EnvironmentProbe.probe(device, kernels, RANDOM);
        folder.environments().append(List.of(row));
        return row.id();
    }

    /** Patterns that keep a part of the weights. */
    static List<NmPattern> patterns(List<String> texts, Problems problems) {
        List<NmPattern> patterns = new ArrayList<>();
        for (String text : texts) {
            try {
                NmPattern pattern = NmPattern.parse(text);
                if (pattern.n() == pattern.m()) {
                    throw new IllegalArgumentException("keeps every weight");
                }
                if (!patterns.contains(pattern)) {
                    patterns.add(pattern);
                }
            } catch (IllegalArgumentException e) {
                problems.add("--patterns", "'" + text + "'",
                        "N:M with 1 <= N < M, as in 2:4 (dense is always measured)");
            }
        }
        return patterns;
    }

    static void requireAtLeast(String option, long value, long least, Problems problems) {
        if (value < least) {
            problems.add(option, String.valueOf(value), "at least " + least);
        }
    }
}
