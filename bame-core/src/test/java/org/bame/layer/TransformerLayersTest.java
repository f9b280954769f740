package org.bame.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.KernelProviders;
import org.bame.kernel.Kernels;
import org.bame.kernel.ScalarKernels;
import org.bame.sparsity.LayerKind;
import org.bame.sparsity.NmPattern;
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
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;

/** The layers and vertices of transformers: gradients, files, optimizer, and the SIMD kernels through them. */
class TransformerLayersTest {
    private static final int SIZE = 6;
    private static final FeatureShape PATCHES = new FeatureShape(8, 3, 3);

    @AfterEach
    void useFloats() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    /** A vision transformer of one block, with class token; a causal one selects its last token. */
    private static ComputationGraphConfiguration transformer(DataType type, IUpdater updater, boolean causal) {
        KernelConvolution patch = new KernelConvolution(LayerKind.PATCH, PATCHES.channels(), 2, 2, 0);
        patch.setBias(true);
        patch.setInitialisation(WeightInitialisation.UNIFORM_FAN_IN);
        var graph = TestGraphs.builder(type, updater, SIZE)
                .addLayer("patch", patch, "entry")
                .addVertex("tokens", new TokenEmbeddingVertex(PATCHES, !causal), "patch")
                .addVertex("norm1", new LayerNormVertex(8), "tokens")
                .addLayer("qkv", linear(LayerKind.QKV, 24), "norm1")
                .addVertex("attention", new AttentionVertex(2, causal), "qkv")
                .addLayer("projection", linear(LayerKind.PROJECTION, 8), "attention")
                .addVertex("residual1", new ResidualVertex(), "tokens", "projection")
                .addVertex("norm2", new LayerNormVertex(8), "residual1")
                .addLayer("mlp_in", linear(LayerKind.MLP_IN, 16), "norm2")
                .addVertex("gelu", new GeluVertex(), "mlp_in")
                .addLayer("mlp_out", linear(LayerKind.MLP_OUT, 8), "gelu")
                .addVertex("residual2", new ResidualVertex(), "residual1", "mlp_out")
                .addVertex("selected", new TokenSelectionVertex(causal ? 8 : 0), "residual2")
                .addVertex("norm", new LayerNormVertex(8), "selected");
        return TestGraphs.end(graph, "norm");
    }

    private static KernelLinear linear(LayerKind kind, int outputs) {
        return new KernelLinear(kind, outputs);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void gradientsAgreeWithFiniteDifferences(boolean causal) {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
        ComputationGraph graph = TestGraphs.init(transformer(DataType.DOUBLE, new NoOp(), causal));
        // Away from where the first layer norm's gradient nearly vanishes, and with gammas and betas that count.
        graph.params().addi(Nd4j.rand(DataType.DOUBLE, graph.params().shape()).muli(0.4).subi(0.2));

        assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.GraphConfig()
                .net(graph)
                .inputs(new INDArray[]{TestGraphs.features(DataType.DOUBLE, 3, SIZE, 3)})
                .labels(new INDArray[]{TestGraphs.labels(DataType.DOUBLE, 3, 4)})
                .maxRelError(1e-5)
                .minAbsoluteError(1e-9)))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1, false", "17, false", "33, true", "65, false"})
    void simdAgreesWithTheTwin(int batch, boolean causal) {
        try (Kernels simd = KernelProviders.simd(2);
                Kernels scalar = new ScalarKernels()) {
            INDArray expected = gradients(scalar, batch, causal);
            INDArray actual = gradients(simd, batch, causal);
            double largest = expected.amaxNumber().doubleValue();
            assertThat(largest).isGreaterThan(0);
            assertThat(actual.sub(expected).amaxNumber().doubleValue()).isLessThan(1e-4 * largest);
        }
    }

    private static INDArray gradients(Kernels kernels, int batch, boolean causal) {
        ComputationGraph graph = TestGraphs.init(transformer(DataType.FLOAT, new NoOp(), causal));
        KernelSession.attach(graph, kernels);
        graph.setInput(0, TestGraphs.features(DataType.FLOAT, batch, SIZE, 5));
        graph.setLabel(0, TestGraphs.labels(DataType.FLOAT, batch, 6));
        graph.computeGradientAndScore();
        return graph.getFlattenedGradients().dup();
    }

    @Test
    void everyConfigurationSurvivesJson() {
        var before = transformer(DataType.FLOAT, new Nesterovs(0.1, 0.9), true);
        LayerNormVertex norm = (LayerNormVertex) before.getVertices().get("norm");
        norm.setEpsilon(1e-3);
        norm.setUpdater(new Nesterovs(0.3, 0.4));
        var after = ComputationGraphConfiguration.fromJson(before.toJson());

        assertThat(after).isEqualTo(before);
        assertThat(after.toJson()).isEqualTo(before.toJson());
        LayerNormVertex restored = (LayerNormVertex) after.getVertices().get("norm");
        assertThat(restored.getEpsilon()).isEqualTo(1e-3);
        assertThat(restored.getUpdater()).isEqualTo(new Nesterovs(0.3, 0.4));
        for (GraphVertex vertex : after.getVertices().values()) {
            assertThat(vertex.clone()).isEqualTo(vertex).hasSameHashCodeAs(vertex);
        }
        assertThat(new AttentionVertex(2, true)).isNotEqualTo(new AttentionVertex(2, false));
        assertThat(new TokenSelectionVertex(1)).isNotEqualTo(new TokenSelectionVertex(0));
        assertThat(new TokenEmbeddingVertex(PATCHES, true)).isNotEqualTo(new TokenEmbeddingVertex(PATCHES, false));
        assertThat(new LayerNormVertex(8)).isNotEqualTo(norm);
    }

    @Test
    void modelFileKeepsEverything(@TempDir Path folder) throws Exception {
        ComputationGraph before = TestGraphs.init(transformer(DataType.FLOAT, new Adam(0.01), false));
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
    void decayLeavesNormsEmbeddingsAndBiasesAlone() {
        OptimizerSettings adam = OptimizerSettings.AdamW.of(0.5);
        ComputationGraph graph =
                TestGraphs.init(transformer(DataType.FLOAT, adam.stockUpdater(0.1), false));
        var settings = new SparseTrainer.Settings(adam, new LearningRateSchedule.Constant(0.1), 10, 10);
        try (Kernels kernels = new ScalarKernels()) {
            SparseTrainer trainer = new SparseTrainer(graph, kernels, new NmPattern(2, 4), null, settings);
            INDArray features = TestGraphs.features(DataType.FLOAT, 4, SIZE, 3);
            INDArray labels = TestGraphs.labels(DataType.FLOAT, 4, 3);
            INDArray before = graph.params().dup();
            trainer.step(features, labels);
            // Adam's first step moves a parameter by the rate, whatever its gradient; decay would add 5 % of it.
            graph.paramTable().forEach((name, parameter) -> {
                boolean weights = name.endsWith("_W");
                assertThat(parameter.rank() > 1).as(name).isEqualTo(weights);
            });
            INDArray gammas = graph.paramTable().get("norm2_gamma");
            assertThat(gammas.sub(1).amaxNumber().doubleValue()).isCloseTo(0.1, within(1e-3));
            assertThat(graph.params().equalsWithEps(before, 1e-3)).isFalse();
        }
    }

    @Test
    void wrongGraphsAreRefused() {
        assertThatThrownBy(() -> build(new LayerNormVertex(5))).hasMessageContaining("5 channels");
        assertThatThrownBy(() -> build(new AttentionVertex(1, false))).hasMessageContaining("multiple of 3 channels");
        assertThatThrownBy(() -> build(new TokenSelectionVertex(36))).hasMessageContaining("token 36");
        assertThatThrownBy(() -> build(new TokenEmbeddingVertex(PATCHES, true)))
                .hasMessageContaining("patches of 8x3x3 got an input of 4x6x6");
    }

    private static ComputationGraphConfiguration build(GraphVertex vertex) {
        return TestGraphs.builder(DataType.FLOAT, new Nesterovs(0.1, 0.9), SIZE)
                .addVertex("wrong", vertex, "entry")
                .setOutputs("wrong")
                .build();
    }
}
