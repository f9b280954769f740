package org.bame.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import org.bame.kernel.Activation;
import org.bame.sparsity.LayerKind;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Nesterovs;

/** Configurations through JSON, models through Deeplearning4j's files. */
class LayerSerialisationTest {
    private static final int SIZE = 6;

    private static ComputationGraphConfiguration special() {
        KernelConvolution convolution = new KernelConvolution(LayerKind.CONV, 6, 3, 2, 1);
        convolution.setKernelWidth(2);
        convolution.setGroups(2);
        convolution.setSparsify(Sparsify.NEVER);
        convolution.setInitialisation(WeightInitialisation.NORMAL_FAN_IN);
        NormalisationVertex norm = new NormalisationVertex(6, Activation.RELU6);
        norm.setEpsilon(1e-4);
        norm.setMomentum(0.2);
        norm.setUpdater(new Nesterovs(0.3, 0.4));
        KernelLinear linear = new KernelLinear(LayerKind.LINEAR, 6);
        linear.setBias(false);
        var graph = TestGraphs.builder(DataType.FLOAT, new Nesterovs(0.1, 0.9), SIZE)
                .addLayer("conv", convolution, "entry")
                .addVertex("norm", norm, "conv")
                .addVertex("max", new MaxPoolVertex(2, 1, 1), "norm")
                .addVertex("drop", new DropoutVertex(0.25), "max")
                .addVertex("path", new DropPathVertex(0.125), "drop")
                .addLayer("linear", linear, "path")
                .addVertex("short", new ShortcutVertex(8, 2), "linear");
        return TestGraphs.end(graph, "short");
    }

    @Test
    void everyConfigurationSurvivesJson() {
        ComputationGraphConfiguration before = special();
        ComputationGraphConfiguration after = ComputationGraphConfiguration.fromJson(before.toJson());

        assertThat(after).isEqualTo(before);
        assertThat(after.toJson()).isEqualTo(before.toJson());
        KernelConvolution convolution =
                (KernelConvolution) ((LayerVertex) after.getVertices().get("conv")).getLayerConf().getLayer();
        assertThat(convolution.getKernelWidth()).isEqualTo(2);
        assertThat(convolution.getStride()).isEqualTo(2);
        assertThat(convolution.getPadding()).isEqualTo(1);
        assertThat(convolution.getGroups()).isEqualTo(2);
        assertThat(convolution.getKind()).isEqualTo(LayerKind.CONV);
        assertThat(convolution.getSparsify()).isEqualTo(Sparsify.NEVER);
        assertThat(convolution.getInitialisation()).isEqualTo(WeightInitialisation.NORMAL_FAN_IN);
        assertThat(convolution.getInputHeight()).isEqualTo(SIZE);
        NormalisationVertex norm = (NormalisationVertex) after.getVertices().get("norm");
        assertThat(norm.getMomentum()).isEqualTo(0.2);
        assertThat(norm.getActivation()).isEqualTo(Activation.RELU6);
        assertThat(norm.getUpdater()).isEqualTo(new Nesterovs(0.3, 0.4));
        LossLayer loss = (LossLayer) ((LayerVertex) after.getVertices().get("loss")).getLayerConf().getLayer();
        assertThat(loss.getLossFn()).isEqualTo(new SmoothedCrossEntropy(TestGraphs.SMOOTHING));
    }

    @Test
    void equalityAndClonesSeeEveryField() {
        for (GraphVertex vertex : special().getVertices().values()) {
            assertThat(vertex.clone()).isEqualTo(vertex).hasSameHashCodeAs(vertex);
        }
        assertThat(new KernelConvolution(LayerKind.CONV, 6, 3, 2, 1))
                .isEqualTo(new KernelConvolution(LayerKind.CONV, 6, 3, 2, 1))
                .isNotEqualTo(new KernelConvolution(LayerKind.CONV, 6, 3, 1, 1))
                .isNotEqualTo(new KernelConvolution(LayerKind.CONV3X3, 6, 3, 2, 1));
        assertThat(KernelConvolution.depthwise(6, 3, 2, 1))
                .isNotEqualTo(new KernelConvolution(LayerKind.DEPTHWISE, 6, 3, 2, 1));
        assertThat(new ShortcutVertex(8, 2)).isNotEqualTo(new ShortcutVertex(8, 1));
        assertThat(new NormalisationVertex(8, Activation.RELU)).isNotEqualTo(new NormalisationVertex(8,
                Activation.IDENTITY));
        assertThat(new MaxPoolVertex(3, 2, 1))
                .isNotEqualTo(new MaxPoolVertex(2, 2, 1))
                .isNotEqualTo(new MaxPoolVertex(3, 1, 1))
                .isNotEqualTo(new MaxPoolVertex(3, 2, 0));
        assertThat(new SmoothedCrossEntropy(0.1))
                .isNotEqualTo(new SmoothedCrossEntropy(0))
                .isNotEqualTo(new SmoothedCrossEntropy(0.1, 2));
        assertThat(new BlockExitVertex()).isNotEqualTo(new BlockExitVertex(2));
    }

    @Test
    void modelFileKeepsEverything(@TempDir Path folder) throws Exception {
        ComputationGraph before =
                TestGraphs.init(TestGraphs.residual(DataType.FLOAT, new Nesterovs(0.05, 0.9), SIZE));
        INDArray features = TestGraphs.features(DataType.FLOAT, 20, SIZE, 1);
        INDArray labels = TestGraphs.labels(DataType.FLOAT, 20, 2);
        for (int i = 0; i < 3; i++) {
            before.fit(new INDArray[]{features}, new INDArray[]{labels});
        }
        Path file = folder.resolve("model.zip");
        ModelSerializer.writeModel(before, file.toFile(), true);
        ComputationGraph after = ModelSerializer.restoreComputationGraph(file.toFile(), true);

        assertThat(after.getConfiguration()).isEqualTo(before.getConfiguration());
        assertThat(after.params()).isEqualTo(before.params());
        assertThat(after.getUpdater().getStateViewArray())
                .isEqualTo(before.getUpdater().getStateViewArray());
        assertThat(before.paramTable().get("stem-norm_mean").amaxNumber().doubleValue()).isGreaterThan(0);
        assertThat(bits(after.outputSingle(features))).isEqualTo(bits(before.outputSingle(features)));
        before.fit(new INDArray[]{features}, new INDArray[]{labels});
        after.fit(new INDArray[]{features}, new INDArray[]{labels});
        assertThat(bits(after.params())).isEqualTo(bits(before.params()));
    }

    @Test
    void wrongGraphsAreRefused() {
        var mixed = TestGraphs.builder(DataType.FLOAT, new Nesterovs(0.1, 0.9), SIZE)
                .addVertex("stock", new org.deeplearning4j.nn.conf.graph.ScaleVertex(2), "entry");
        ComputationGraph graph = TestGraphs.init(TestGraphs.end(mixed, "stock"));
        assertThatThrownBy(() -> graph.outputSingle(TestGraphs.features(DataType.FLOAT, 2, SIZE, 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'stock' reads ordinary arrays but its input 'entry' writes blocks");

        assertThatThrownBy(() -> TestGraphs.builder(DataType.FLOAT, new Nesterovs(0.1, 0.9), SIZE)
                .addVertex("norm", new NormalisationVertex(5, Activation.RELU), "entry")
                .setOutputs("norm")
                .build())
                .hasMessageContaining("5 channels");
        assertThatThrownBy(() -> TestGraphs.builder(DataType.FLOAT, new Nesterovs(0.1, 0.9), SIZE)
                .addVertex("norm", new NormalisationVertex(4, Activation.HARD_SWISH), "entry", "entry")
                .setOutputs("norm")
                .build())
                .hasMessageContaining("HARD_SWISH got a residual");
        assertThatThrownBy(() -> TestGraphs.builder(DataType.FLOAT, new Nesterovs(0.1, 0.9), SIZE)
                .addVertex("norm", new NormalisationVertex(4, null), "entry")
                .setOutputs("norm")
                .build())
                .hasMessageContaining("without activation");
        assertThatThrownBy(() -> new SmoothedCrossEntropy(1)).hasMessageContaining("[0, 1)");
    }

    static int[] bits(INDArray array) {
        float[] values = array.reshape(new long[]{array.length()}).toFloatVector();
        int[] bits = new int[values.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
        return bits;
    }
}
