package org.bame.harness.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bame.datasets.DataRequest;
import org.bame.harness.Suite;
import org.bame.harness.SuiteLoader;
import org.bame.harness.TestExtension;
import org.bame.harness.device.KernelChoice;
import org.bame.harness.results.CsvFile;
import org.bame.harness.results.ResultsFolder;
import org.bame.harness.sweep.Sweep;
import org.bame.harness.sweep.SweepChanges;
import org.bame.harness.sweep.SweepReader;
import org.bame.layer.KernelPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of the Swin transformer for small images. */
class SwinRunTest {

    private static final Suite SUITE = SuiteLoader.load();
    private static final int EPOCHS = 2;
    private static final String WORKLOAD =
            """
            workloads:
              - dataSet: tiny
                network: NETWORK
                recipe: cifar10-deit-short
                overrides: {epochs: 2, batch: 16, warmupEpochs: 0, dropPath: 0.1, augmentation: none, evaluationBatch: 40}
            patterns: ["2:4"]
            seeds: [1]
            """;

    @TempDir
    private Path folder;

    @Test
    void itsSparseLayersTrain() {
        ResultsFolder results = ResultsFolder.open(folder);
        String methods = "methods: [dense, sr-ste, {method: bame, options: {interval: 2}}]\n";
        assertThat(run("swin-cifar", methods, results, 2).ended()).isEqualTo(3);

        List<Map<String, String>> runs = rows(results.runs());
        assertThat(runs).extracting(row -> row.get("method")).containsExactly("dense", "sr-ste", "bame");
        assertThat(runs).allSatisfy(row -> {
            assertThat(row).containsEntry("status", "finished");
            List<Map<String, String>> epochs = rows(results.epochs()).stream()
                    .filter(epoch -> epoch.get("run_id").equals(row.get("run_id")))
                    .toList();
            assertThat(number(epochs.getLast(), "train_loss")).isLessThan(number(epochs.getFirst(), "train_loss"));
        });
        assertThat(runs.getLast()).containsEntry("density_final", "0.5");
        // 6 blocks of 12 C^2 a token, 2 M^2 C of attention, and 8 C^2 a merged token of C channels before.
        long macs = 0;
        long tokens = 256;
        long width = 96;
        for (int stage = 0; stage < 3; stage++) {
            macs += 2 * tokens * (12 * width * width + 2 * 16 * width);
            if (stage < 2) {
                macs += tokens / 4 * 8 * width * width;
            }
            tokens /= 4;
            width *= 2;
        }
        macs += 256 * 12 * 96 + 384 * 10;
        assertThat(number(runs.getFirst(), "train_flops_paper"))
                .isEqualTo(2.0 * 3 * EPOCHS * TestExtension.TRAIN_IMAGES * macs);
        assertThat(rows(results.layers()))
                .filteredOn(row -> row.get("method").equals("bame") && row.get("layer").equals("merging1.reduction"))
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .containsEntry("kind", "linear")
                        .containsEntry("density", "0.5")
                        .containsEntry("forward_mode", "executed")
                        .containsEntry("forward_density", "0.5"));
    }

    /** Biases of positions are summed over windows and images, which threads share out. */
    @Test
    void oneThreadAndTwoGiveTheSameBits() {
        List<List<Map<String, String>>> epochs = new ArrayList<>();
        for (int threads = 1; threads <= 2; threads++) {
            ResultsFolder results = ResultsFolder.open(folder.resolve("threads" + threads));
            assertThat(run("tiny-swin", "methods: [sr-ste]\n", results, threads).ended()).isEqualTo(1);
            List<Map<String, String>> rows = rows(results.epochs());
            rows.forEach(row -> row.keySet().removeAll(List.of("train_seconds", "environment_id")));
            epochs.add(rows);
        }
        assertThat(epochs.getFirst()).hasSize(EPOCHS);
        assertThat(epochs.getLast()).isEqualTo(epochs.getFirst());
    }

    private static SweepOutcome run(String network, String methods, ResultsFolder results, int threads) {
        Sweep sweep = new SweepReader(SUITE)
                .read("t.yaml", WORKLOAD.replace("NETWORK", network) + methods, SweepChanges.NONE);
        SweepSettings settings = new SweepSettings(
                DataRequest.standard(message -> {}),
                SUITE.devices().get("cpu", "test"),
                KernelChoice.SIMD,
                KernelPolicy.SPARSE,
                threads,
                Duration.ofHours(1),
                false,
                false);
        return new SweepRunner(SUITE, settings, new SilentObserver()).run(sweep, results);
    }

    private static double number(Map<String, String> row, String column) {
        return Double.parseDouble(row.get(column));
    }

    private static List<Map<String, String>> rows(CsvFile<?> file) {
        List<Map<String, String>> rows = new ArrayList<>();
        file.forEachRow(rows::add);
        return rows;
    }
}
