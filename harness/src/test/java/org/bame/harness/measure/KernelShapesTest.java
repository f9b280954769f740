package org.bame.harness.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.bame.harness.Suite;
import org.bame.harness.SuiteLoader;
import org.bame.harness.config.Problems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelShapesTest {

    private static final Suite SUITE = SuiteLoader.load();

    @TempDir
    private Path folder;

    /** Layers and multiply-accumulates of an image: those of the sparse layers, by the networks' own arithmetic. */
    @ParameterizedTest
    @CsvSource({"resnet32, 30, 68.4", "resnet50, 52, 3969.1", "mobilenetv2, 34, 267.94", "deit-s, 48, 4183.0",
        "swin-t, 51, 4335.2"})
    void aNetworksShapesAreMergedAndCountItsLayers(String network, int layers, double megaMacs) {
        List<KernelShape> shapes = resolve(network);
        assertThat(shapes).extracting(KernelShape::name).doesNotHaveDuplicates().hasSizeLessThan(layers);
        assertThat(shapes.stream().mapToInt(KernelShape::layers).sum()).isEqualTo(layers);
        assertThat(shapes.stream().mapToDouble(shape -> shape.layers() * shape.shape().macsPerSample() / 1e6).sum())
                .isEqualTo(megaMacs, within(0.001 * megaMacs));
    }

    @Test
    void theLayersOfAChainFitTogether() {
        List<KernelShape> shapes = resolve("mobilenetv2");
        for (KernelShape shape : shapes.subList(0, shapes.size() - 1)) {
            int outputs = shape.shape().outputs();
            assertThat(shapes).as("reader of %s", shape.name())
                    .anyMatch(reader -> reader.shape().input().channels() == outputs);
        }
    }

    @Test
    void aFileNamesEachShapeOnceHoweverOftenItStandsThere() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.yaml"), """
                - {inputs: 16, outputs: 8, kernel: 1, layers: 2}
                - {inputs: 16, outputs: 8}
                - {inputs: 16, outputs: 8, kernel: 1, layers: 3}
                """);
        List<KernelShape> shapes = resolve(file.toString());
        assertThat(shapes).extracting(KernelShape::layers).containsExactly(5, 1);
        assertThat(new HashSet<>(resolve("notes"))).hasSize(6).containsAll(resolve("quick"));
    }

    private static List<KernelShape> resolve(String name) {
        Problems problems = new Problems();
        List<KernelShape> shapes = KernelShapes.resolve(name, SUITE.networks(), "--shapes", problems);
        problems.throwIfAny();
        return shapes;
    }
}
