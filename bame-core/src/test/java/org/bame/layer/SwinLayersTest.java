package org.bame.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.bame.kernel.KernelProviders;
import org.bame.kernel.Kernels;
import org.bame.kernel.ScalarKernels;
import org.bame.sparsity.LayerKind;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;

/** The vertices that only Swin has: gradients, files, and the SIMD kernels through them. */
class SwinLayersTest {
    private static final int SIZE = 6;

    @AfterEach
    void useFloats() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    /** Attention in windows that the edges cut when shifted, a merging, and attention again. */
    private static ComputationGraphConfiguration swin(DataType type, IUpdater updater, int window, int shift) {
        KernelLinear reduction = new KernelLinear(LayerKind.LINEAR, 8);
        reduction.setBias(false);
        var graph = TestGraphs.builder(type, updater, SIZE)
                .addLayer("qkv1", new KernelLinear(LayerKind.QKV, 12), "entry")
                .addVertex("attention1", new WindowAttentionVertex(2, window, shift), "qkv1")
                .addVertex("merge", new PatchMergingVertex(), "attention1")
                .addVertex("norm", new LayerNormVertex(16), "merge")
                .addLayer("reduction", reduction, "norm")
                .addLayer("qkv2", new KernelLinear(LayerKind.QKV, 24), "reduction")
                .addVertex("attention2", new WindowAttentionVertex(4, 2, 1), "qkv2");
        return TestGraphs.end(graph, "attention2");
    }

    @ParameterizedTest
    @CsvSource({"3, 0", "4, 2", "7, 3"})
    void gradientsAgreeWithFiniteDifferences(int window, int shift) {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
        ComputationGraph graph = TestGraphs.init(swin(DataType.DOUBLE, new NoOp(), window, shift));
        // Biases that count: they start near 0.
        graph.params().addi(Nd4j.rand(DataType.DOUBLE, graph.params().shape()).muli(0.8).subi(0.4));

        assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.GraphConfig()
                .net(graph)
                .inputs(new INDArray[]{TestGraphs.features(DataType.DOUBLE, 3, SIZE, 3)})
                .labels(new INDArray[]{TestGraphs.labels(DataType.DOUBLE, 3, 4)})
                .maxRelError(1e-5)
                .minAbsoluteError(1e-9)))
                .isTrue();
        INDArray bias = graph.getVertex("attention1").getGradientsViewArray();
        long used = window > SIZE ? (2 * SIZE - 1) * (2 * SIZE - 1) : (2L * window - 1) * (2 * window - 1);
        assertThat(bias.neq(0).castTo(DataType.LONG).sumNumber().longValue()).isEqualTo(2 * used);
    }

    @ParameterizedTest
    @CsvSource({"1, 3, 0", "17, 4, 2", "33, 3, 1", "65, 7, 3"})
    void simdAgreesWithTheTwin(int batch, int window, int shift) {
        try (Kernels simd = KernelProviders.simd(2);
                Kernels scalar = new ScalarKernels()) {
            INDArray expected = gradients(scalar, batch, window, shift);
            INDArray actual = gradients(simd, batch, window, shift);
            double largest = expected.amaxNumber().doubleValue();
            assertThat(largest).isGreaterThan(0);
            assertThat(actual.sub(expected).amaxNumber().doubleValue()).isLessThan(1e-4 * largest);
        }
    }

    private static INDArray gradients(Kernels kernels, int batch, int window, int shift) {
        ComputationGraph graph = TestGraphs.init(swin(DataType.FLOAT, new NoOp(), window, shift));
        KernelSession.attach(graph, kernels);
        graph.setInput(0, TestGraphs.features(DataType.FLOAT, batch, SIZE, 5));
        graph.setLabel(0, TestGraphs.labels(DataType.FLOAT, batch, 6));
        graph.computeGradientAndScore();
        return graph.getFlattenedGradients().dup();
    }

    @Test
    void biasesStartSmall() {
        ComputationGraph graph = TestGraphs.init(swin(DataType.FLOAT, new NoOp(), 5, 0));
        INDArray bias = graph.getVertex("attention1").paramTable(false).get("bias");
        assertThat(bias.shape()).containsExactly(2 * 81);
        assertThat(bias.stdNumber().doubleValue()).isCloseTo(0.02, within(3e-3));
    }

    @Test
    void everyConfigurationSurvivesJson() {
        var before = swin(DataType.FLOAT, new Nesterovs(0.1, 0.9), 4, 2);
        WindowAttentionVertex attention =
                (WindowAttentionVertex) before.getVertices().get("attention1");
        attention.setUpdater(new Nesterovs(0.3, 0.4));
        var after = ComputationGraphConfiguration.fromJson(before.toJson());

        assertThat(after).isEqualTo(before);
        assertThat(after.toJson()).isEqualTo(before.toJson());
        WindowAttentionVertex restored =
                (WindowAttentionVertex) after.getVertices().get("attention1");
        assertThat(restored.getShift()).isEqualTo(2);
        assertThat(restored.getUpdater()).isEqualTo(new Nesterovs(0.3, 0.4));
        for (GraphVertex vertex : after.getVertices().values()) {
            assertThat(vertex.clone()).isEqualTo(vertex).hasSameHashCodeAs(vertex);
        }
        WindowAttentionVertex plain = new WindowAttentionVertex(2, 4, 2);
        assertThat(plain).isNotEqualTo(attention)
                .isNotEqualTo(new WindowAttentionVertex(1, 4, 2))
                .isNotEqualTo(new WindowAttentionVertex(2, 5, 2))
                .isNotEqualTo(new WindowAttentionVertex(2, 4, 0));
    }

    @Test
    void modelFileKeepsEverything(@TempDir Path folder) throws Exception {
        ComputationGraph before = TestGraphs.init(swin(DataType.FLOAT, new Adam(0.01), 4, 2));
        INDArray features = TestGraphs.features(DataType.FLOAT, 20, SIZE, 1);
        INDArray labels = TestGraphs.labels(DataType.FLOAT, 20, 2);
        before.fit(new INDArray[]{features}, new INDArray[]{labels});
        Path file = folder.resolve("model.zip");
        ModelSerializer.writeModel(before, file.toFile(), true);
        ComputationGraph after = ModelSerializer.restoreComputationGraph(file.toFile(), true);

        assertThat(after.getConfiguration()).isEqualTo(before.getConfiguration());
        before.fit(new INDArray[]{features}, new INDArray[]{labels});
        after.fit(new INDArray[]{features}, new INDArray[]{labels});
        assertThat(LayerSerialisationTest.bits(after.params()))
                .isEqualTo(LayerSerialisationTest.bits(before.params()));
    }

    @Test
    void wrongGraphsAreRefused() {
        assertThatThrownBy(() -> build(new WindowAttentionVertex(1, 3, 0), SIZE)).hasMessageContaining("multiple of 3");
        assertThatThrownBy(() -> build(new WindowAttentionVertex(1, 3, 3), SIZE)).hasMessageContaining("shifted by 3");
        assertThatThrownBy(() -> build(new PatchMergingVertex(), 5)).hasMessageContaining("even numbers");
    }

    private static ComputationGraphConfiguration build(GraphVertex vertex, int size) {
        return TestGraphs.builder(DataType.FLOAT, new Nesterovs(0.1, 0.9), size)
                .addVertex("wrong", vertex, "entry")
                .setOutputs("wrong")
                .build();
    }
}
