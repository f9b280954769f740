package org.bame.harness.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bame.datasets.DataRequest;
import org.bame.datasets.DataSetException;
import org.bame.harness.ImageFolderFixture;
import org.bame.harness.Suite;
import org.bame.harness.SuiteLoader;
import org.bame.harness.config.ConfigurationException;
import org.bame.harness.device.KernelChoice;
import org.bame.harness.results.CsvFile;
import org.bame.harness.results.ResultsFolder;
import org.bame.harness.sweep.RunSpec;
import org.bame.harness.sweep.Sweep;
import org.bame.harness.sweep.SweepChanges;
import org.bame.harness.sweep.SweepReader;
import org.bame.layer.KernelPolicy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training on image files that are decoded on the way. */
class ImageFolderRunTest {

    private static final Suite SUITE = SuiteLoader.load();
    private static final int STEPS_PER_EPOCH = 4;
    private static final String SWEEP =
            """
            workloads:
              - dataSet: imagenette
                network: tiny-net
                recipe: imagenette-short
                overrides: {epochs: 2, batch: 10, imageSize: 16, evaluationBatch: 7, warmupEpochs: 0}
            patterns: ["1:4"]
            methods: [maxq]
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void writeImages() throws IOException {
        ImageFolderFixture.write(folder.resolve("train"), 10, 4);
        ImageFolderFixture.write(folder.resolve("val"), 10, 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ", repeatedAugmentation: 3, randAugment: 9, lighting: 0.1, randomErasing: 0.5, mixup: 0.8,"
                    + " cutmix: 1"})
    void aRunKilledInTheMiddleOfAnEpochEndsBitIdentically(String augmentation) {
        String sweep = SWEEP.replace("warmupEpochs: 0", "warmupEpochs: 0" + augmentation);
        ResultsFolder whole = ResultsFolder.open(folder.resolve("whole"));
        assertThat(run(sweep, whole, new SilentObserver(), 1).isComplete()).isTrue();
        assertThat(rows(whole.environments()).getFirst().get("data_checksums"))
                .contains("train (names and sizes)=", "(UNKNOWN)");
        assertThat(rows(whole.layers())).filteredOn(row -> row.get("kind").equals("stem")).singleElement()
                .satisfies(row -> assertThat(row).containsEntry("shape", "4x3x3x3"));

        ResultsFolder broken = ResultsFolder.open(folder.resolve("broken"));
        run(sweep, broken, new Killer(STEPS_PER_EPOCH + 2), 3);
        assertThat(rows(broken.runs())).isEmpty();
        assertThat(run(sweep, broken, new SilentObserver(), 2).isComplete()).isTrue();

        for (String column : List.of("final_top1", "final_loss", "first_loss", "epochs", "density_final")) {
            assertThat(rows(broken.runs()).getFirst()).containsEntry(column, rows(whole.runs()).getFirst().get(column));
        }
        for (int epoch = 0; epoch < 2; epoch++) {
            assertThat(rows(broken.epochs()).get(epoch).get("train_loss"))
                    .isEqualTo(rows(whole.epochs()).get(epoch).get("train_loss"));
        }
    }

    @Test
    void aDamagedFileEndsTheSweepWithItsName() throws IOException {
        Files.write(folder.resolve("train/n3/2.JPEG"), new byte[]{1, 2, 3});
        ResultsFolder results = ResultsFolder.open(folder.resolve("out"));
        assertThatThrownBy(() -> run(SWEEP, results, new SilentObserver(), 2)).isInstanceOf(DataSetException.class)
                .hasMessageContainingAll("n3", "2.JPEG cannot be decoded: its 3 bytes",
                        "Replace it with an intact copy");
    }

    @Test
    void imagesInMemoryAreNotScaled() {
        String text = SWEEP.replace("dataSet: imagenette", "dataSet: synthetic10");
        assertThatThrownBy(() -> new SweepReader(SUITE).read("t.yaml", text, SweepChanges.NONE))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(
                        "workloads[0].overrides.imageSize: got 16 on 'synthetic10', whose images are 3x32x32");
        // Of a data set whose extent is not known beforehand it is told when that is.
        String unknown = SWEEP.replace("dataSet: imagenette", "dataSet: tiny");
        assertThatThrownBy(() -> run(unknown, ResultsFolder.open(folder.resolve("out")), new SilentObserver(), 1))
                .isInstanceOf(DataSetException.class)
                .hasMessageContaining("Images in memory are not scaled");
    }

    @Test
    void aSizeThatTheNetworkCannotTakeIsAMistake() {
        String text = SWEEP.replace("network: tiny-net", "network: deit-t").replace("imageSize: 16", "imageSize: 50");
        assertThatThrownBy(() -> new SweepReader(SUITE).read("t.yaml", text, SweepChanges.NONE))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("deit-t for images of")
                .hasMessageContaining("The recipe's imageSize scales those of image files.");
    }

    private SweepOutcome run(String text, ResultsFolder results, RunObserver observer, int decodingThreads) {
        Sweep sweep = new SweepReader(SUITE).read("t.yaml", text, SweepChanges.NONE);
        SweepSettings settings = new SweepSettings(
                new DataRequest(Optional.of(folder), false, message -> {}, decodingThreads),
                SUITE.devices().get("cpu", "test"),
                KernelChoice.SIMD,
                KernelPolicy.SPARSE,
                2,
                Duration.ZERO,
                false,
                false);
        return new SweepRunner(SUITE, settings, observer).run(sweep, results);
    }

    private static List<Map<String, String>> rows(CsvFile<?> file) {
        List<Map<String, String>> rows = new ArrayList<>();
        file.forEachRow(rows::add);
        return rows;
    }

    private static final class Killer extends SilentObserver {
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
}
