package org.bame.harness.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bame.datasets.DataRequest;
import org.bame.datasets.TextDataSet;
import org.bame.harness.Suite;
import org.bame.harness.SuiteLoader;
import org.bame.harness.TestExtension;
import org.bame.harness.device.KernelChoice;
import org.bame.harness.results.CsvFile;
import org.bame.harness.results.EpochRow;
import org.bame.harness.results.ResultsException;
import org.bame.harness.results.ResultsFolder;
import org.bame.harness.sweep.BuiltInSweeps;
import org.bame.harness.sweep.RunSpec;
import org.bame.harness.sweep.Sweep;
import org.bame.harness.sweep.SweepChanges;
import org.bame.harness.sweep.SweepReader;
import org.bame.kernel.KernelProviders;
import org.bame.kernel.Kernels;
import org.bame.layer.KernelPolicy;
import org.bame.layer.SparseTrainer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Runs on a text, from its windows to its rows. */
class TextRunTest {

    private static final Suite SUITE = SuiteLoader.load();
    private static final String WORKLOAD =
            """
            workloads:
              - dataSet: tiny-text
                network: tiny-decoder
                recipe: text-short
                overrides: {epochs: 10, batch: 16, learningRate: 0.01, evaluationBatch: 5}
            """;
    /** Of text whose next character is the one before plus 1 with probability 4/5, else plus 2. */
    private static final double ENTROPY = -0.8 * Math.log(0.8) - 0.2 * Math.log(0.2);

    @TempDir
    private Path folder;

    /** Every method of the suite at its natural pattern. */
    @Test
    void everyMethodTrains() {
        String smoke = BuiltInSweeps.text("methods-smoke");
        String text = WORKLOAD + smoke.substring(smoke.indexOf("patterns:"));
        ResultsFolder results = ResultsFolder.open(folder);

        SweepOutcome outcome = run(text, results, new SilentObserver());

        assertThat(outcome.failed()).isZero();
        assertThat(outcome.diverged()).isZero();
        List<Map<String, String>> runs = rows(results.runs());
        assertThat(runs).hasSizeGreaterThanOrEqualTo(SUITE.methods().names().size()).allSatisfy(row -> {
            assertThat(row).containsEntry("status", "finished");
            double first = Double.parseDouble(row.get("first_loss"));
            double last = Double.parseDouble(row.get("final_loss"));
            assertThat(last).as(row.get("method")).isLessThan(first);
        });
    }

    @Test
    void learnsTheTextAndReportsTheLossOfACharacter() {
        ResultsFolder results = ResultsFolder.open(folder);
        List<TestResult> tests = new ArrayList<>();
        run(WORKLOAD + "patterns: [\"2:4\"]\nmethods: [dense, sr-ste]\n", results, new SilentObserver() {
            @Override
            public void epochEnded(RunSpec run, EpochRow row, TestResult result) {
                tests.add(result);
                assertThat(row.testTop1()).isEqualTo(result.top1());
            }
        });

        List<Map<String, String>> runs = rows(results.runs());
        for (int run = 0; run < 2; run++) {
            Map<String, String> row = runs.get(run);
            TestResult last = tests.get(10 * run + 9);
            // Chance is 0.14 and ln 7 = 1.95; nobody predicts the dice.
            assertThat(Double.parseDouble(row.get("final_top1"))).isBetween(0.7, 0.9);
            assertThat(Double.parseDouble(row.get("final_loss"))).isBetween(ENTROPY - 0.1, 0.8);
            assertThat(last.loss()).isBetween(ENTROPY - 0.1, 0.8);
            assertThat(last.bits()).isCloseTo(last.loss() / 0.693147, within(1e-5));
        }
        assertThat(runs.getLast()).containsEntry("density_final", "0.5");
        // A sample is a window: 2 FLOPs, 3 products, 10 epochs of 96 windows.
        long macs = 12 * (2L * 12 * 16 * 16 + 7 * 16) + 2L * 2 * 12 * 12 * 16;
        assertThat(Double.parseDouble(runs.getFirst().get("train_flops_paper")))
                .isEqualTo(2.0 * 3 * 10 * TestExtension.TRAIN_IMAGES * macs);
        assertThat(rows(results.layers()))
                .filteredOn(row -> row.get("method").equals("sr-ste") && row.get("layer").equals("block2.mlp_in"))
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .containsEntry("kind", "mlp_in")
                        .containsEntry("density", "0.5")
                        .containsEntry("forward_density", "0.5")
                        .containsEntry("input_gradient_density", "0.5")
                        .containsEntry("weight_gradient_density", "1.0"));
    }

    /** Each character but the first is counted once, though windows overlap and the last batch is smaller. */
    @Test
    void evaluationIsThatOfEachCharacter() {
        RunSpec run = sweep(WORKLOAD + "methods: [dense]\n").runs().getFirst();
        TextDataSet data = (TextDataSet) SUITE.dataSets().get("tiny-text", "test")
                .load(DataRequest.standard(message -> {}));
        RunSamples samples = RunSamples.of(data, run);
        try (Kernels kernels = KernelProviders.simd(2);
                SparseTrainer trainer = Trainers.create(
                        run,
                        SUITE.networks().get("tiny-decoder", "test"),
                        samples,
                        kernels,
                        KernelPolicy.SPARSE,
                        run.context(samples.trainSize()))) {
            TestResult result = Evaluation.of(samples, trainer);

            double loss = 0;
            int right = 0;
            int length = data.length();
            int classes = data.classes();
            for (int window = 0; window < data.test().size(); window++) {
                float[] read = new float[length];
                int[] predicted = new int[length];
                data.test().copy(window, 0, read, predicted, 0);
                INDArray logits = trainer.logits(Nd4j.create(read, new long[]{1, 1, length, 1}, 'c'))
                        .reshape(classes, length);
                for (int at = 0; at < length; at++) {
                    if (predicted[at] >= 0) {
                        double[] own = logits.getColumn(at).toDoubleVector();
                        double sum = 0;
                        int best = 0;
                        for (int c = 0; c < classes; c++) {
                            sum += Math.exp(own[c]);
                            best = own[c] > own[best] ? c : best;
                        }
                        loss += Math.log(sum) - own[predicted[at]];
                        right += best == predicted[at] ? 1 : 0;
                    }
                }
            }
            assertThat(data.test().predictions()).isEqualTo(154);
            assertThat(result.loss()).isCloseTo(loss / 154, within(1e-5));
            assertThat(result.top1()).isEqualTo(right / 154.0);
        }
    }

    @Test
    void limitsLeaveTheFirstWindows() {
        RunSpec run = sweep(WORKLOAD.replace("network:", "trainImages: 20\n    testImages: 4\n    network:")
                + "methods: [dense]\n").runs().getFirst();
        RunSamples samples = RunSamples.of(
                SUITE.dataSets().get("tiny-text", "test").load(DataRequest.standard(message -> {})), run);
        assertThat(samples.trainSize()).isEqualTo(20);
        int windows = 0;
        try (RunSamples.Pass pass = samples.evaluation()) {
            while (pass.hasNext()) {
                windows += pass.next().images();
            }
        }
        assertThat(windows).isEqualTo(4);
    }

    /** A text of the same name, length and characters is another text. */
    @Test
    void anInterruptedRunGoesOnOnlyOnItsText() throws IOException {
        Path file = Files.writeString(folder.resolve("input.txt"), "abcdefg gfedcba ".repeat(300));
        String text = WORKLOAD.replace("tiny-text", "text") + "methods: [dense]\n";
        ResultsFolder results = ResultsFolder.open(folder.resolve("out"));
        run(text, results, DataRequest.offline(file), new SilentObserver() {
            @Override
            public void epochEnded(RunSpec run, EpochRow row, TestResult result) {
                throw new IllegalStateException("killed");
            }
        });
        assertThat(results.checkpoint(sweep(text).runs().getFirst().runId())).exists();

        refused(text, results, file, "gfedcba abcdefg ".repeat(300));
        refused(text, results, file, "of another length and other characters ".repeat(300));

        Files.writeString(file, "abcdefg gfedcba ".repeat(300));
        assertThat(run(text, results, DataRequest.offline(file), new SilentObserver()).ended()).isEqualTo(1);
    }

    private void refused(String text, ResultsFolder results, Path file, String content) throws IOException {
        Files.writeString(file, content);
        List<Exception> failures = new ArrayList<>();
        RunObserver observer = new SilentObserver() {
            @Override
            public void failed(RunSpec run, Exception failure) {
                failures.add(failure);
            }
        };
        assertThat(run(text, results, DataRequest.offline(file), observer).refused()).isEqualTo(1);
        assertThat(failures).singleElement().isInstanceOf(ResultsException.class).asString()
                .contains("was begun on data with SHA-256", "--data-dir", "another --out");
    }

    private static Sweep sweep(String text) {
        return new SweepReader(SUITE).read("t.yaml", text + (text.contains("seeds:") ? "" : "seeds: [1]\n"),
                SweepChanges.NONE);
    }

    private static SweepOutcome run(String text, ResultsFolder results, RunObserver observer) {
        return run(text, results, DataRequest.standard(message -> {}), observer);
    }

    private static SweepOutcome run(
            String text, ResultsFolder results, DataRequest request, RunObserver observer) {
        SweepSettings settings = new SweepSettings(
                request,
                SUITE.devices().get("cpu", "test"),
                KernelChoice.SIMD,
                KernelPolicy.SPARSE,
                2,
                Duration.ofHours(1),
                false,
                false);
        return new SweepRunner(SUITE, settings, observer).run(sweep(text), results);
    }

    private static List<Map<String, String>> rows(CsvFile<?> file) {
        List<Map<String, String>> rows = new ArrayList<>();
        file.forEachRow(rows::add);
        return rows;
    }
}
