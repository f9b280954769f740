package org.bame.harness.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.bame.datasets.DataRequest;
import org.bame.harness.Suite;
import org.bame.harness.SuiteLoader;
import org.bame.harness.TestExtension;
import org.bame.harness.device.KernelChoice;
import org.bame.harness.results.CsvFile;
import org.bame.harness.results.ResultsFolder;
import org.bame.harness.results.RunLock;
import org.bame.harness.results.RunRow;
import org.bame.harness.sweep.RunSpec;
import org.bame.harness.sweep.Sweep;
import org.bame.harness.sweep.SweepChanges;
import org.bame.harness.sweep.SweepReader;
import org.bame.layer.KernelPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SweepRunnerTest {

    private static final Suite SUITE = SuiteLoader.load();
    private static final int BATCH = 16;
    private static final int EPOCHS = 3;
    private static final int STEPS = EPOCHS * (TestExtension.TRAIN_IMAGES / BATCH);
    private static final String SWEEP =
            """
            workloads:
              - dataSet: tiny
                network: tiny-net
                recipe: quick
                overrides: {epochs: 3, batch: 16, augmentation: padCropFlip, evaluationBatch: 16, warmupEpochs: 0}
            patterns: ["1:4"]
            methods:
              - dense
              - maxq
              - {method: bame, options: {interval: 2}}
            """;

    private static final String ADAM = only("maxq")
            .replace("maxq", "step")
            .replace("warmupEpochs: 0",
                    "warmupEpochs: 0, optimizer: adamW, learningRate: 0.01, clipNorm: 1, emaDecay: 0");

    @TempDir
    private Path folder;

    @Test
    void trainsEveryRunAndWritesItsRows() {
        ResultsFolder results = ResultsFolder.open(folder);

        SweepOutcome outcome = run(SWEEP, results, new Silent());

        assertThat(outcome).isEqualTo(new SweepOutcome(3, 0, 0, 0, 0, 0));
        List<Map<String, String>> runs = rows(results.runs());
        assertThat(runs).extracting(row -> row.get("status")).containsOnly("finished");
        assertThat(runs).extracting(row -> row.get("method") + row.get("pattern"))
                .containsExactly("densedense", "maxq1:4", "bame1:4");
        assertThat(rows(results.epochs())).hasSize(3 * EPOCHS);
        assertThat(rows(results.environments())).hasSize(1);
        assertThat(rows(results.environments()).getFirst().get("data_checksums")).contains("GENERATED");
        Map<String, String> dense = runs.getFirst();
        assertThat(dense)
                .containsEntry("train_ratio_paper", "1.0")
                .containsEntry("train_ratio_cpu_executed", "1.0")
                .containsEntry("test_ratio", "1.0")
                .containsEntry("density_final", "1.0");
        Map<String, String> bame = runs.getLast();
        assertThat(Double.parseDouble(bame.get("density_final"))).isEqualTo(0.25);
        assertThat(Double.parseDouble(bame.get("train_ratio_paper"))).isLessThan(0.9);
        assertThat(Double.parseDouble(bame.get("train_ratio_cpu_executed"))).isBetween(0.3, 0.9);
        // Of so short a run the first 50 steps are all: the mean over the epochs, which are of one length.
        assertThat(Double.parseDouble(bame.get("first_loss")))
                .isCloseTo(
                        rows(results.epochs()).stream()
                                .filter(row -> row.get("method").equals("bame"))
                                .mapToDouble(row -> Double.parseDouble(row.get("train_loss")))
                                .average()
                                .orElseThrow(),
                        within(1e-9));
        assertThat(Long.parseLong(bame.get("peak_memory_bytes"))).isGreaterThan(10_000_000);
        assertThat(rows(results.masks())).isNotEmpty().allSatisfy(row -> assertThat(row).containsEntry("method",
                "bame"));
        assertThat(rows(results.layers()))
                .filteredOn(row -> row.get("method").equals("bame") && row.get("layer").equals("stage2.block1.conv2"))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row).containsEntry("density", "0.25").containsEntry("forward_mode", "executed");
                    assertThat(row).containsEntry("kind", "conv3x3").containsEntry("shape", "8x3x3x8");
                    // A dense W^T never; a dense dW in phase A and at adaptations.
                    assertThat(row).containsEntry("forward_density", "0.25")
                            .containsEntry("input_gradient_density", "0.25");
                    assertThat(Double.parseDouble(row.get("weight_gradient_density"))).isBetween(0.3, 0.9);
                    assertThat(Double.parseDouble(row.get("flip_rate"))).isPositive();
                    assertThat(Double.parseDouble(row.get("ever_active_share"))).isBetween(0.26, 1.0);
                });
    }

    @Test
    void theStemHasNoInputGradient() {
        ResultsFolder results = ResultsFolder.open(folder);
        run(only("dense"), results, new Silent());
        assertThat(rows(results.layers()))
                .filteredOn(row -> row.get("kind").equals("stem"))
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .containsEntry("forward_density", "1.0")
                        .containsEntry("input_gradient_density", "")
                        .containsEntry("weight_gradient_density", "1.0"));
    }

    @Test
    void clocksAddUpToTheTimeThatPasses() {
        ResultsFolder results = ResultsFolder.open(folder);
        Stopwatch wall = new Stopwatch();
        run(only("bame"), results, wall);

        Map<String, String> row = rows(results.runs()).getFirst();
        double total = Double.parseDouble(row.get("train_seconds"));
        double evaluation = Double.parseDouble(row.get("evaluation_seconds"));
        double logging = Double.parseDouble(row.get("logging_seconds"));
        assertThat(total).isPositive();
        assertThat(evaluation).isPositive();
        assertThat(logging).isPositive();
        // What no clock counts is between steps, and little; nothing is counted twice.
        assertThat(total + evaluation + logging).isBetween(0.5 * wall.seconds(), wall.seconds());
        assertThat(Double.parseDouble(row.get("images_per_second"))).isCloseTo(STEPS * BATCH / total, within(1e-6));
        assertThat(Double.parseDouble(row.get("process_cpu_seconds"))).isPositive();
    }

    @Test
    void aKilledRunGoesOnToTheBitIdenticalEnd() throws IOException {
        Map<String, String> sweeps = new LinkedHashMap<>();
        sweeps.put("maxq", only("maxq"));
        sweeps.put("bame", only("bame"));
        // Layers of 8 outputs: groups of 3, 3 and 2.
        sweeps.put("bame-groups", only("bame").replace("\"1:4\"", "\"1:4/g3\""));
        // Killed in phase 1 and in phase 2, which begins at step 10.
        sweeps.put("step", ADAM.replace("emaDecay: 0", "emaDecay: 0.9"));
        sweeps.put("sr-ste-on-text", only("maxq")
                .replace("maxq", "sr-ste")
                .replace("dataSet: tiny", "dataSet: tiny-text")
                .replace("network: tiny-net", "network: tiny-decoder")
                .replace("recipe: quick", "recipe: text-short")
                .replace("padCropFlip", "none"));
        for (String method : sweeps.keySet()) {
            String text = sweeps.get(method);
            ResultsFolder whole = ResultsFolder.open(folder.resolve(method + "-whole"));
            run(text, whole, new Silent());
            // In the middle of the second epoch, and just behind the end of it.
            for (int killedAt : List.of(STEPS / EPOCHS + 2, 2 * STEPS / EPOCHS)) {
                ResultsFolder broken = ResultsFolder.open(folder.resolve(method + "-" + killedAt));
                SweepOutcome first = run(text, broken, new Killer(killedAt));
                assertThat(first).isEqualTo(new SweepOutcome(0, 0, 0, 1, 0, 0));
                assertThat(rows(broken.runs())).isEmpty();

                Resumptions resumptions = new Resumptions();
                SweepOutcome second = run(text, broken, resumptions);

                assertThat(second).isEqualTo(new SweepOutcome(1, 0, 0, 0, 0, 0));
                assertThat(resumptions.firstStep).isEqualTo(killedAt - 1L);
                String runId = rows(whole.runs()).getFirst().get("run_id");
                for (String entry : entries(whole.checkpoint(runId), "coefficients", "updaterState", "averaged")) {
                    assertThat(entry(broken.checkpoint(runId), entry))
                            .as("%s of %s killed at %d", entry, method, killedAt)
                            .isEqualTo(entry(whole.checkpoint(runId), entry));
                }
                assertThat(untimed(rows(broken.epochs()))).isEqualTo(untimed(rows(whole.epochs())));
                assertThat(untimed(rows(broken.masks()))).isEqualTo(untimed(rows(whole.masks())));
                assertThat(untimed(rows(broken.layers()))).isEqualTo(untimed(rows(whole.layers())));
                assertThat(untimed(rows(broken.runs()))).isEqualTo(untimed(rows(whole.runs())));
            }
        }
    }

    /**
     * With an epsilon of 1 every change of a second moment is below it, so that phase 1 ends behind T_min = 1 with step 2; the
     * plan was T_max = 9.
     */
    @Test
    void theAccountsAreThoseOfTheStepAtWhichStepSwitched() {
        ResultsFolder results = ResultsFolder.open(folder);
        run(ADAM.replace("emaDecay: 0", "epsilon: 1") + "  - sr-ste\n", results, new Silent());

        List<Map<String, String>> runs = rows(results.runs());
        for (String account : List.of("train_ratio_paper", "train_ratio_cpu_executed", "train_ratio_nm_hardware")) {
            double masked = Double.parseDouble(runs.getLast().get(account));
            assertThat(masked).isLessThan(1);
            assertThat(Double.parseDouble(runs.getFirst().get(account)))
                    .as(account)
                    .isCloseTo((2 + (STEPS - 2) * masked) / STEPS, within(1e-9));
        }
        List<Map<String, String>> epochs = rows(results.epochs());
        double masked = Double.parseDouble(epochs.get(EPOCHS).get("train_flops_paper"));
        double ratio = Double.parseDouble(runs.getLast().get("train_ratio_paper"));
        int perEpoch = STEPS / EPOCHS;
        assertThat(Double.parseDouble(epochs.getFirst().get("train_flops_paper")) / masked)
                .isCloseTo((2 / ratio + perEpoch - 2) / perEpoch, within(1e-9));
    }

    @Test
    void stepIsRefusedOnARecipeWithoutSecondMoments() {
        assertThatThrownBy(() -> run(only("maxq").replace("maxq", "step"), ResultsFolder.open(folder), new Silent()))
                .hasMessageContaining("optimizer is sgd")
                .hasMessageContaining("recipe.optimizer=adamW");
    }

    @Test
    void aMethodMayGoThroughTheEpochsTwice() throws IOException {
        String text = SWEEP.replaceAll("(?s)- dense.*", "- asp\n  - dense\n  - {method: asp, variant: shorter, options:"
                + " {pretrainCycles: 0}}\n");
        ResultsFolder whole = ResultsFolder.open(folder.resolve("whole"));
        Starts starts = new Starts();
        run(text, whole, starts);

        assertThat(starts.totalSteps).containsExactly(2L * STEPS, (long) STEPS, (long) STEPS);
        assertThat(starts.epochsBehind).containsExactly(2L * EPOCHS, (long) EPOCHS, 0L);
        Map<String, String> row = rows(whole.runs()).getFirst();
        assertThat(row).containsEntry("epochs", String.valueOf(2 * EPOCHS)).containsEntry("density_final", "0.25");
        assertThat(Double.parseDouble(row.get("train_ratio_paper"))).isBetween(1.5, 2.0);
        double executed = Double.parseDouble(row.get("train_ratio_cpu_executed"));
        assertThat(executed).isBetween(1.2, 1.8);
        assertThat(rows(whole.runs()).get(2)).containsEntry("epochs", String.valueOf(EPOCHS));
        double retraining = Double.parseDouble(rows(whole.runs()).get(2).get("train_ratio_cpu_executed"));
        assertThat(executed).isCloseTo(1 + retraining, within(1e-9));
        List<String> rates = rows(whole.epochs()).stream()
                .limit(2 * EPOCHS)
                .map(epoch -> epoch.get("learning_rate"))
                .toList();
        assertThat(rates.subList(EPOCHS, 2 * EPOCHS)).isEqualTo(rates.subList(0, EPOCHS));
        assertThat(rates.subList(0, EPOCHS)).doesNotHaveDuplicates();

        // In the second time, and just behind the end of the first.
        for (int killedAt : List.of(STEPS + 2, STEPS + 1)) {
            ResultsFolder broken = ResultsFolder.open(folder.resolve("broken-" + killedAt));
            run(text, broken, new Killer(killedAt));
            Starts resumed = new Starts();
            run(text, broken, resumed);

            assertThat(resumed.totalSteps).containsExactly(2L * STEPS);
            String runId = row.get("run_id");
            assertThat(entry(broken.checkpoint(runId), "coefficients.bin"))
                    .isEqualTo(entry(whole.checkpoint(runId), "coefficients.bin"));
            assertThat(untimed(rows(broken.runs()))).containsAll(untimed(rows(whole.runs())));
        }
    }

    @Test
    void aRunGoesOnWithOtherThreadsOnlyIfTheUserSaysSo() {
        ResultsFolder results = ResultsFolder.open(folder);
        run(only("bame"), results, new Killer(3));

        Silent observer = new Silent();
        assertThat(run(only("bame"), results, observer, 1, false, false))
                .isEqualTo(new SweepOutcome(0, 0, 0, 0, 1, 0));
        assertThat(observer.failures).singleElement().asString().contains("--threads 2", "--accept-other-kernels");

        assertThat(run(only("bame"), results, new Silent(), 1, true, false))
                .isEqualTo(new SweepOutcome(1, 0, 0, 0, 0, 0));
    }

    @Test
    void aFinishedRunIsNotRunAgain() throws IOException {
        ResultsFolder results = ResultsFolder.open(folder);
        run(only("dense"), results, new Silent());
        byte[] before = Files.readAllBytes(folder.resolve("runs.csv"));

        SweepOutcome again = run(only("dense"), results, new Silent());

        assertThat(again).isEqualTo(new SweepOutcome(0, 1, 0, 0, 0, 0));
        assertThat(Files.readAllBytes(folder.resolve("runs.csv"))).isEqualTo(before);
    }

    @Test
    void aRunOfAnotherProcessIsLeftToIt() {
        ResultsFolder results = ResultsFolder.open(folder);
        Sweep sweep = new SweepReader(SUITE).read("t.yaml", only("dense"), SweepChanges.NONE);
        try (RunLock _ = results.tryLock(sweep.runs().getFirst().runId()).orElseThrow()) {
            assertThat(run(only("dense"), results, new Silent())).isEqualTo(new SweepOutcome(0, 0, 0, 0, 0, 1));
        }
        assertThat(rows(results.runs())).isEmpty();
    }

    @Test
    void aDivergedRunIsRecordedAndTheSweepGoesOn() {
        ResultsFolder results = ResultsFolder.open(folder);
        String text = SWEEP.replace("warmupEpochs: 0", "warmupEpochs: 0, learningRate: 1000, weightDecay: 1");

        Silent observer = new Silent();
        // The warm-up finds the divergence first, and must leave it to the runs.
        SweepOutcome outcome = run(text.replace("  - maxq\n", ""), results, observer, true);

        assertThat(observer.failures).isEmpty();
        assertThat(outcome.diverged()).isEqualTo(2);
        assertThat(rows(results.runs())).hasSize(2).allSatisfy(row -> {
            assertThat(row).containsEntry("status", "diverged").containsEntry("final_top1", "");
        });
        assertThat(run(text.replace("  - maxq\n", ""), results, new Silent()))
                .isEqualTo(new SweepOutcome(0, 2, 2, 0, 0, 0));
    }

    /** Deeplearning4j wraps what its layers throw. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRunThatNeedsTooMuchMemoryIsToldAndTheSweepGoesOn(boolean wrapped) {
        ResultsFolder results = ResultsFolder.open(folder);
        Hungry observer = new Hungry(wrapped);

        SweepOutcome outcome = run(SWEEP, results, observer);

        assertThat(outcome.failed()).isEqualTo(1);
        assertThat(outcome.ended()).isPositive();
        assertThat(observer.failed).singleElement().isInstanceOf(MemoryException.class).asString()
                .contains("out of memory (as asked for): Java may have ", " MiB. Use a smaller batch", "-Xmx8g");
    }

    private static String only(String method) {
        return SWEEP.lines()
                .filter(line -> !line.startsWith("  - ") || line.contains("dataSet") || line.contains(method))
                .reduce("", (text, line) -> text + line + "\n");
    }

    private static SweepOutcome run(String text, ResultsFolder results, RunObserver observer) {
        return run(text, results, observer, false);
    }

    private static SweepOutcome run(String text, ResultsFolder results, RunObserver observer, boolean warmUp) {
        return run(text, results, observer, 2, false, warmUp);
    }

    private static SweepOutcome run(
            String text,
            ResultsFolder results,
            RunObserver observer,
            int threads,
            boolean acceptOtherKernels,
            boolean warmUp) {
        Sweep sweep = new SweepReader(SUITE).read("t.yaml", text, SweepChanges.NONE);
        SweepSettings settings = new SweepSettings(
                DataRequest.standard(message -> {}),
                SUITE.devices().get("cpu", "test"),
                KernelChoice.SIMD,
                KernelPolicy.SPARSE,
                threads,
                // Every step has its checkpoint.
                Duration.ZERO,
                acceptOtherKernels,
                warmUp);
        return new SweepRunner(SUITE, settings, observer).run(sweep, results);
    }

    private static List<Map<String, String>> rows(CsvFile<?> file) {
        List<Map<String, String>> rows = new ArrayList<>();
        file.forEachRow(rows::add);
        return rows;
    }

    /** Rows without what a clock or the system measured. */
    private static List<Map<String, String>> untimed(List<Map<String, String>> rows) {
        rows.forEach(row -> row.keySet()
                .removeIf(column -> column.endsWith("_seconds")
                        || column.equals("images_per_second")
                        || column.equals("peak_memory_bytes")));
        return rows;
    }

    /** Names of the entries that begin with one of these. */
    private static List<String> entries(Path zipFile, String... beginnings) throws IOException {
        try (ZipFile zip = new ZipFile(zipFile.toFile())) {
            List<String> names = zip.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> Stream.of(beginnings).anyMatch(name::startsWith))
                    .toList();
            assertThat(names).contains("coefficients.bin", "updaterState.bin");
            return names;
        }
    }

    private static byte[] entry(Path zipFile, String name) throws IOException {
        try (ZipFile zip = new ZipFile(zipFile.toFile());
                InputStream stream = zip.getInputStream(zip.getEntry(name))) {
            return stream.readAllBytes();
        }
    }

    private static class Silent extends SilentObserver {
        private final List<Exception> failures = new ArrayList<>();

        @Override
        public void failed(RunSpec run, Exception failure) {
            failures.add(failure);
        }
    }

    /** Ends a run behind a step, before that step's checkpoint. */
    private static final class Killer extends Silent {
        private final long step;

        Killer(long step) {
            this.step = step;
        }

        @Override
        public void stepped(RunSpec run, long stepsDone, double loss) {
            if (stepsDone == step) {
                throw new IllegalStateException("killed");
            }
        }
    }

    /** Wants more memory than there is at the first step of the first run. */
    private static final class Hungry extends SilentObserver {
        private final boolean wrapped;
        private final List<Exception> failed = new ArrayList<>();

        Hungry(boolean wrapped) {
            this.wrapped = wrapped;
        }

        @Override
        public void stepped(RunSpec run, long stepsDone, double loss) {
            if (failed.isEmpty()) {
                OutOfMemoryError error = new OutOfMemoryError("as asked for");
                if (wrapped) {
                    throw new IllegalStateException("in a layer", error);
                }
                throw error;
            }
        }

        @Override
        public void failed(RunSpec run, Exception failure) {
            failed.add(failure);
        }
    }

    private static final class Stopwatch extends Silent {
        private long startNanos;
        private long endNanos;

        @Override
        public void started(RunSpec run, int number, int runs, long epochsBehind, long totalSteps, long firstStep) {
            startNanos = System.nanoTime();
        }

        @Override
        public void ended(RunSpec run, RunRow row) {
            endNanos = System.nanoTime();
        }

        double seconds() {
            return (endNanos - startNanos) / 1e9;
        }
    }

    private static final class Starts extends Silent {
        private final List<Long> totalSteps = new ArrayList<>();
        private final List<Long> epochsBehind = new ArrayList<>();

        @Override
        public void started(RunSpec run, int number, int runs, long behind, long steps, long firstStep) {
            totalSteps.add(steps);
            epochsBehind.add(behind);
        }
    }

    private static final class Resumptions extends Silent {
        private long firstStep = -1;

        @Override
        public void started(RunSpec run, int number, int runs, long epochsBehind, long totalSteps, long from) {
            firstStep = from;
        }
    }
}
