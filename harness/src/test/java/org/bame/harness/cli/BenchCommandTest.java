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
import org.bame.harness.ImageFolderFixture;
import org.bame.harness.device.CpuDevice;
import org.bame.harness.results.ResultsFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BenchCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"kernels", "step", "scale", "data"})
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
    void bothTakePatternsOfRowGroups() throws IOException {
        Path shapes = Files.writeString(folder.resolve("shapes.yaml"),
                "- {inputs: 8, outputs: 6, height: 3, batch: 2}\n");
        assertThat(execute("bench", "kernels", "--shapes", shapes.toString(), "--patterns", "1:4,1:4/g4", "--threads",
                "1", "--rounds", "2", "--warm-up-seconds", "0", "--out", folder.resolve("out").toString()))
                .as("%s", err)
                .isEqualTo(ExitCode.OK);
        assertThat(kernelRows()).extracting(row -> row.get("pattern")).contains("dense", "1:4", "1:4/g4");
        assertThat(execute("bench", "step", "--network", "tiny-net", "--batch", "4", "--methods", "static",
                "--patterns", "1:4/g4", "--warm-up", "2", "--threads", "1", "--out", folder.toString()))
                .as("%s", err)
                .isEqualTo(ExitCode.OK);
        List<String> steps = new ArrayList<>();
        ResultsFolder.open(folder).steps().forEachRow(row -> steps.add(row.get("method") + " " + row.get("pattern")));
        assertThat(steps).containsExactly("dense dense", "static 1:4/g4");
    }

    @Test
    void kernelsMeasuresEachVectorWidthInAProcessOfItsOwn() throws IOException {
        Path shapes = Files.writeString(folder.resolve("shapes.yaml"),
                "- {inputs: 16, outputs: 8, batch: 16, layers: 3}\n");
        int widest = new CpuDevice().vectorBits();
        assertThat(execute("bench", "kernels", "--shapes", shapes.toString(), "--patterns", "1:4", "--threads", "1",
                "--vector-bits", "128," + widest, "--rounds", "2", "--warm-up-seconds", "0", "--out",
                folder.resolve("out").toString()))
                .as("%s", err)
                .isEqualTo(ExitCode.OK);
        assertThat(kernelRows()).extracting(row -> row.get("provider")).contains("simd128", "simd" + widest);
        assertThat(kernelRows()).allSatisfy(row -> assertThat(row)
                .containsEntry("layers", "3")
                .containsEntry("shape_set", shapes.toString()));
        assertThat(execute("bench", "kernels", "--vector-bits", "96")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("128");
    }

    @Test
    void kernelsComparesPatternsOfEveryKind() throws IOException {
        Path shapes = Files.writeString(
                folder.resolve("shapes.yaml"), "- {inputs: 8, outputs: 6, height: 5, width: 5, batch: 16}\n");
        assertThat(execute("bench", "kernels", "--shapes", shapes.toString(), "--patterns",
                "1:4,unstructured@0.75,fan_in@0.75", "--threads", "1", "--rounds", "2", "--warm-up-seconds", "0",
                "--out",
                folder.resolve("out").toString())).isEqualTo(ExitCode.OK);
        assertThat(kernelRows()).extracting(row -> row.get("pattern"))
                .contains("dense", "1:4", "unstructured@0.75", "fan_in@0.75");

        assertThat(execute("bench", "kernels", "--patterns", "unstructured@0.75/erk,unstructured@0"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("2 mistakes", "a whole network's", "which keeps every weight");
    }

    @Test
    void kernelsTellsEveryMistake() throws IOException {
        assertThat(execute("bench", "kernels", "--shapes", "quik", "--patterns", "4:4,1:4/4", "--threads", "0"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("4 mistakes", "Did you mean 'quick'?", "'4:4'", "'1:4/4'", "as in 1:4/g4",
                "--threads");
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

        assertThat(out.toString()).contains("executed", "mask work", "bame adapting: phase B", "maxq ramp: ");
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
    void textIsMeasuredByTheWindow() {
        assertThat(execute("bench", "step", "--network", "tiny-decoder", "--data-set", "text", "--batch", "3",
                "--methods", "static", "--patterns", "2:4", "--steps", "2", "--warm-up", "2", "--threads", "1", "--out",
                folder.toString()))
                .as("%s", err)
                .isEqualTo(ExitCode.OK);

        assertThat(out.toString()).contains("tiny-decoder on windows of 128 characters, batch 3", "static  2:4");
        List<Map<String, String>> rows = new ArrayList<>();
        ResultsFolder.open(folder).steps().forEachRow(rows::add);
        assertThat(rows).extracting(row -> row.get("method")).containsExactly("dense", "static");
        assertThat(rows).allSatisfy(row -> assertThat(
                Double.parseDouble(row.get("images_per_second")) * Double.parseDouble(row.get("mean_nanos")))
                .isCloseTo(3e9, within(1.0)));
    }

    @Test
    void textIsScaledByTheWindow() {
        assertThat(execute("bench", "scale", "--network", "tiny-decoder", "--data-set", "text", "--batches", "2",
                "--widths", "1", "--threads", "1", "--patterns", "2:4", "--base", "batch=2,pattern=2:4", "--steps", "1",
                "--warm-up", "1", "--warm-up-seconds", "0", "--out", folder.toString()))
                .as("%s", err)
                .isEqualTo(ExitCode.OK);
        List<Map<String, String>> rows = new ArrayList<>();
        ResultsFolder.open(folder).scale().forEachRow(rows::add);
        assertThat(out.toString()).contains("tiny-decoder on windows of 128 characters");
        assertThat(rows).extracting(row -> row.get("data_set") + " " + row.get("pattern"))
                .contains("text 2:4", "text dense");
    }

    @Test
    void stochasticDepthNeedsANetworkThatKnowsIt() {
        assertThat(execute("bench", "step", "--network", "tiny-net", "--recipe", "deit-imagenet"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--recipe", "dropPath 0.1 for tiny-net, which has no stochastic depth");
    }

    @Test
    void stepWantsWholeIntervals() {
        assertThat(execute("bench", "step", "--network", "tiny-net", "--methods", "bame", "--steps", "150"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("a multiple of 100");
        assertThat(execute("bench", "step", "--network", "counted-net", "--methods", "bme", "--data-set", "mnist"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("3 mistakes", "there to be counted", "Did you mean 'bame'?", "cifar10");
    }

    @Test
    void aPatternThatMakesNoLayerSparseIsAMistake() {
        assertThat(execute("bench", "step", "--network", "resnet8", "--methods", "static", "--patterns", "1:4,1:1024"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("1 mistake:", "--patterns: got '1:1024'", "M that divides");
        assertThat(execute("bench", "scale", "--network", "resnet8", "--patterns", "dense,1:7")).isEqualTo(
                ExitCode.USAGE);
        assertThat(err.toString()).contains("1 mistake:", "--patterns: got '1:7'", "M that divides");
    }

    @Test
    void stepCanChooseItsKernels() {
        assertThat(execute("bench", "step", "--network", "tiny-net", "--batch", "4", "--patterns", "1:4", "--methods",
                "static", "--steps", "2", "--warm-up", "2", "--threads", "1", "--kernel-policy", "auto"))
                .as("%s", err)
                .isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("kernel policy auto", "static");
    }

    @Test
    void scaleVariesOneFactorAtATime() throws IOException {
        assertThat(execute("bench", "scale", "--network", "resnet8", "--batches", "4", "--widths", "1,2", "--threads",
                "1",
                "--patterns", "dense,1:4", "--base", "batch=4", "--steps", "2", "--warm-up", "1", "--warm-up-seconds",
                "0",
                "--out", folder.toString()))
                .as("%s", err)
                .isEqualTo(ExitCode.OK);

        List<Map<String, String>> rows = new ArrayList<>();
        ResultsFolder.open(folder).scale().forEachRow(rows::add);
        assertThat(rows).extracting(row -> row.get("method") + " " + row.get("pattern") + " " + row.get("width"))
                .containsExactly("static 1:4 1", "static 1:4 2", "dense dense 1", "dense dense 2");
        assertThat(rows).allSatisfy(row -> {
            double median = Double.parseDouble(row.get("median_nanos"));
            assertThat(Double.parseDouble(row.get("images_per_second"))).isEqualTo(4e9 / median, within(1e-6));
            assertThat(Double.parseDouble(row.get("p10_nanos"))).isPositive().isLessThanOrEqualTo(median);
            // More than any JVM, less than this one could have.
            assertThat(Long.parseLong(row.get("peak_memory_bytes"))).isGreaterThan(20L << 20);
        });
        assertThat(Long.parseLong(rows.get(1).get("macs_per_image")))
                .isBetween(3 * Long.parseLong(rows.get(0).get("macs_per_image")),
                        4 * Long.parseLong(rows.get(0).get("macs_per_image")));
        for (String axis : List.of("width", "density")) {
            for (String quantity : List.of("time", "memory")) {
                assertThat(folder.resolve("scale-resnet8-" + axis + "-" + quantity + ".svg"))
                        .content()
                        .contains("<svg", "resnet8, batch 4");
            }
        }
        assertThat(folder.resolve("scale-resnet8-threads-time.svg")).doesNotExist();
    }

    @Test
    void scaleTellsEveryMistake() {
        assertThat(execute("bench", "scale", "--network", "tiny-net", "--widths", "3", "--patterns", "4:2", "--base",
                "batch=x,colour=red", "--method", "statc"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("4 mistakes", "'4:2'", "batch=x", "colour", "Did you mean 'static'?");
        assertThat(execute("bench", "scale", "--network", "tiny-net", "--widths", "3")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("comes in one width");
        assertThat(execute("bench", "scale", "--network", "tiny-net", "--patterns", "fan_in@0.75", "--method", "maxq"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("'fan_in@0.75' for maxq");
        // Left to itself the command asks for no width that there is not.
        assertThat(execute("bench", "scale", "--network", "tiny-net", "--batches", "0")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("1 mistake:", "--batches");
    }

    @Test
    void dataWritesARowForEachNumberOfThreadsAndAugmentation() throws IOException {
        ImageFolderFixture.write(folder.resolve("pictures"), 2, 3);
        Path results = folder.resolve("out");
        assertThat(execute("bench", "data", "--data-set", folder.resolve("pictures").toString(), "--threads", "1,3",
                "--image-size", "16", "--rounds", "2", "--round-seconds", "0.01", "--out", results.toString()))
                .isEqualTo(ExitCode.OK);

        assertThat(out.toString()).contains("/pictures: 6 images as 3x16x16, batches of 6", "randomResizedCropFlip");
        List<Map<String, String>> rows = new ArrayList<>();
        ResultsFolder.open(results).data().forEachRow(rows::add);
        assertThat(rows).extracting(row -> row.get("augmentation") + row.get("threads")).containsExactly(
                "randomResizedCropFlip1", "randomResizedCropFlip3", "none1", "none3");
        assertThat(rows).allSatisfy(row -> {
            assertThat(row).containsEntry("images", "6").containsEntry("image_size", "16").containsEntry("batch", "6");
            assertThat(Double.parseDouble(row.get("images_per_second")) * Double.parseDouble(row.get("median_nanos")))
                    .isCloseTo(1e9, within(1.0));
        });
        List<Map<String, String>> environments = new ArrayList<>();
        ResultsFolder.open(results).environments().forEachRow(environments::add);
        assertThat(environments).singleElement().satisfies(row -> assertThat(row.get("data_checksums"))
                .contains("/pictures (names and sizes)="));
    }

    @Test
    void dataIsAugmentedAsRecipesSay() throws IOException {
        ImageFolderFixture.write(folder.resolve("pictures"), 2, 3);
        Path results = folder.resolve("out");
        assertThat(execute("bench", "data", "--data-set", folder.resolve("pictures").toString(), "--threads", "2",
                "--recipes", "deit-imagenet,imagenet-sr-ste,text-short", "--image-size", "16", "--rounds", "1",
                "--round-seconds", "0.01", "--out", results.toString())).isEqualTo(ExitCode.OK);

        List<Map<String, String>> rows = new ArrayList<>();
        ResultsFolder.open(results).data().forEachRow(rows::add);
        assertThat(rows).extracting(row -> row.get("augmentation")).containsExactly(
                "randomResizedCropFlip + repeatedAugmentation 3 + randAugment 9 + randomErasing 0.25 + mixup 0.8"
                        + " + cutmix 1",
                "randomResizedCropFlip + lighting 0.1", "none");
        assertThat(execute("bench", "data", "--data-set", folder.resolve("pictures").toString(), "--recipes", "deit"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--recipes", "deit-imagenet");
    }

    @Test
    void dataTellsMistakesAtOnce() {
        assertThat(execute("bench", "data", "--data-set", "nowhere", "--threads", "0", "--round-seconds", "0"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("3 mistakes:", "--data-set", "--threads", "--round-seconds");
    }

    /** They would be waited for without end. */
    @ParameterizedTest
    @CsvSource({"kernels, --shapes=quick", "step, --network=resnet8", "scale, --network=resnet8",
        "data, --data-set=imagenette"})
    void moreThreadsThanCouldBeMeantAreAMistake(String benchmark, String what) {
        assertThat(execute("bench", benchmark, what, "--threads", "100000", "--device", "cpuu"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("2 mistakes:", "--threads: got 100000, expected 1 to ", "'cpuu'");
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
