package org.bame.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.bame.harness.results.ResultsFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"kernels", "step"})
    void everyBenchmarkHasHelpWithExamples(String benchmark) {
        assertThat(execute("bench", benchmark, "--help")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("Usage: bame bench " + benchmark).contains("./bame bench " + benchmark);
        assertThat(execute("bench")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("kernels", "step");
    }

    @Test
    void kernelsWritesARowForEveryVariant() throws IOException {
        Path shapes = Files.writeString(folder.resolve("shapes.yaml"), """
                - {inputs: 16, outputs: 8, height: 4, width: 4, batch: 16}
                - {inputs: 8, outputs: 16, height: 5, width: 1, kernel: 1, batch: 3}
                """);
        String[] command = {"bench", "kernels", "--shapes", shapes.toString(), "--patterns", "1:4,1:16", "--threads",
            "1,2", "--rounds", "2", "--warm-up-seconds", "0", "--out", folder.resolve("out").toString()};
        assertThat(execute(command)).as("%s", err).isEqualTo(ExitCode.OK);

        assertThat(out.toString()).contains("executed", "3x3 16->8 4x4 s1 p1 b16", "Geometric means");
        assertThat(err.toString()).contains("left out 1:16").contains("left");
        List<Map<String, String>> rows = kernelRows();
        // Two numbers of threads, four products; three supports of the first shape, two of the second.
        assertThat(rows).hasSize(2 * 4 * (3 + 2));
        assertThat(rows).allSatisfy(row -> {
            assertThat(row).containsEntry("device", "cpu").containsEntry("data_type", "float32");
            assertThat(row).containsEntry("peer", "").containsEntry("speedup_vs_peer", "");
            assertThat(row.get("environment_id")).isNotBlank();
            assertThat(Double.parseDouble(row.get("gflops"))).isPositive();
        });
        assertThat(rows).extracting(row -> row.get("product"))
                .contains("forward", "input_gradient", "weight_gradient", "all");
        assertThat(rows).filteredOn(row -> row.get("pattern").equals("dense"))
                .allSatisfy(row -> assertThat(row).containsEntry("speedup_vs_dense", "1.0"));

        // A second measurement is not taken for the first.
        assertThat(execute(command)).isEqualTo(ExitCode.OK);
        assertThat(kernelRows()).hasSize(2 * rows.size());
    }

    @Test
    void kernelsTellsEveryMistake() throws IOException {
        assertThat(execute("bench", "kernels", "--shapes", "quik", "--patterns", "4:4,x", "--threads", "0"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("4 mistakes", "Did you mean 'quick'?", "'4:4'", "'x'", "--threads");
        Path shapes = Files.writeString(folder.resolve("shapes.yaml"), "- {input: 16}\n- {kernel: 9, padding: 0}\n");
        assertThat(execute("bench", "kernels", "--shapes", shapes.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("Did you mean 'inputs'?").contains("larger than input");
    }

    @Test
    void stepMeasuresEveryPhase() {
        assertThat(execute("bench", "step", "--network", "tiny-net", "--batch", "4", "--patterns", "1:4", "--warm-up",
                "2", "--threads", "1", "--out", folder.toString()))
                .as("%s", err)
                .isEqualTo(ExitCode.OK);

        assertThat(out.toString()).contains("executed", "mask work");
        List<Map<String, String>> rows = new ArrayList<>();
        ResultsFolder.open(folder).steps().forEachRow(rows::add);
        assertThat(rows).extracting(row -> row.get("method") + " " + row.get("pattern") + " " + row.get("phase"))
                .containsExactly(
                        "dense dense steady",
                        "sr-ste 1:4 steady",
                        "maxq 1:4 ramp",
                        "maxq 1:4 steady",
                        "bame 1:4 initial",
                        "bame 1:4 adapting",
                        "bame 1:4 frozen",
                        "static 1:4 steady");
        assertThat(rows).allSatisfy(row -> {
            double mean = Double.parseDouble(row.get("mean_nanos"));
            assertThat(Double.parseDouble(row.get("images_per_second"))).isEqualTo(4e9 / mean, within(1e-6));
            double clocks = 0;
            for (String clock : List.of("forward", "input_gradient", "weight_gradient", "element_wise", "mask_work",
                    "optimizer", "framework")) {
                clocks += Double.parseDouble(row.get(clock + "_nanos"));
            }
            assertThat(clocks).isBetween(0.8 * mean, mean);
            assertThat(Long.parseLong(row.get("peak_memory_bytes"))).isPositive();
        });
        assertThat(new HashSet<>(rows)).hasSize(rows.size());
        assertThat(folder.resolve("checkpoints")).doesNotExist();
    }

    @Test
    void stepWantsWholeIntervals() {
        assertThat(execute("bench", "step", "--network", "tiny-net", "--methods", "bame", "--steps", "150"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("a multiple of 100");
        assertThat(execute("bench", "step", "--network", "resnet50", "--methods", "bme", "--data-set", "mnist"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("3 mistakes", "max pooling", "Did you mean 'bame'?", "cifar10");
    }

    @Test
    void peersThatWereNotBuiltAreLeftOut() throws IOException {
        Path shapes = Files.writeString(folder.resolve("shapes.yaml"),
                "- {inputs: 8, outputs: 8, height: 4, width: 4, batch: 3}\n");
        String home = System.setProperty("bame.home", folder.toString());
        try {
            assertThat(execute("bench", "kernels", "--shapes", shapes.toString(), "--patterns", "1:4", "--threads", "1",
                    "--rounds", "1", "--warm-up-seconds", "0", "--peers")).isEqualTo(ExitCode.OK);
        } finally {
            if (home == null) {
                System.clearProperty("bame.home");
            } else {
                System.setProperty("bame.home", home);
            }
        }
        assertThat(err.toString()).contains("oneDNN was not built", "ND4J was not built", "left out");
        assertThat(out.toString()).contains("dense").doesNotContain("over peer");
    }

    private List<Map<String, String>> kernelRows() {
        List<Map<String, String>> rows = new ArrayList<>();
        ResultsFolder.open(folder.resolve("out")).kernels().forEachRow(rows::add);
        return rows;
    }

    private int execute(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true)).execute(arguments);
    }
}
