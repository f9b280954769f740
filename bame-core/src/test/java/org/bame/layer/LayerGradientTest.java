package org.bame.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.bame.kernel.Activation;
import org.bame.kernel.ScalarKernels;
import org.bame.sparsity.LayerKind;
import org.bame.sparsity.NmPattern;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/** Every layer and vertex against finite differences, in double precision. */
class LayerGradientTest {
    private static final int SIZE = 6;

    @BeforeEach
    void useDoubles() {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
    }

    @AfterEach
    void useFloats() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    private static ComputationGraphConfiguration.GraphBuilder builder() {
        return TestGraphs.builder(DataType.DOUBLE, new NoOp(), SIZE);
    }

    private static boolean check(ComputationGraph graph, int batch) {
        Set<String> statistics = graph.paramTable().keySet().stream()
                .filter(name -> name.endsWith("_mean") || name.endsWith("_var"))
                .collect(Collectors.toSet());
        return GradientCheckUtil.checkGradients(new GradientCheckUtil.GraphConfig()
                .net(graph)
                .inputs(new INDArray[]{TestGraphs.features(DataType.DOUBLE, batch, SIZE, 3)})
                .labels(new INDArray[]{TestGraphs.labels(DataType.DOUBLE, batch, 4)})
                .excludeParams(statistics)
                .maxRelError(1e-5)
                .minAbsoluteError(1e-9));
    }

    @Test
    void convolutionAndLinearLayer() {
        var graph = builder()
                .addLayer("a", new KernelConvolution(LayerKind.CONV3X3, 4, 3, 1, 1), "entry")
                .addLayer("b", new KernelConvolution(LayerKind.CONV, 2, 3, 2, 0), "a");
        assertThat(check(TestGraphs.init(TestGraphs.end(graph, "b")), 5)).isTrue();
    }

    @Test
    void normalisationWithAndWithoutRelu() {
        var graph = builder()
                .addLayer("a", new KernelConvolution(LayerKind.CONV3X3, 4, 3, 1, 1), "entry")
                .addVertex("a-norm", new NormalisationVertex(4, Activation.RELU), "a")
                .addLayer("b", new KernelConvolution(LayerKind.CONV1X1, 4, 1, 1, 0), "a-norm")
                .addVertex("b-norm", new NormalisationVertex(4, Activation.IDENTITY), "b");
        assertThat(check(TestGraphs.init(TestGraphs.end(graph, "b-norm")), 17)).isTrue();
    }

    @Test
    void normalisationWithOtherActivations() {
        for (Activation activation : List.of(Activation.RELU6, Activation.HARD_SWISH)) {
            var graph = builder()
                    .addLayer("a", new KernelConvolution(LayerKind.CONV3X3, 4, 3, 1, 1), "entry")
                    .addVertex("a-norm", new NormalisationVertex(4, activation), "a");
            ComputationGraph network = TestGraphs.init(TestGraphs.end(graph, "a-norm"));
            // Wide enough for both bounds.
            network.paramTable().get("a-norm_gamma").assign(4);
            assertThat(check(network, 5)).as(activation.name()).isTrue();
        }
    }

    @Test
    void normalisationAddsAResidualOfTheImages() {
        var graph = builder()
                .addLayer("a", new KernelConvolution(LayerKind.CONV3X3, 4, 3, 1, 1), "entry")
                .addVertex("a-norm", new NormalisationVertex(4, Activation.RELU), "a", "entry");
        assertThat(check(TestGraphs.init(TestGraphs.end(graph, "a-norm")), 3)).isTrue();
    }

    @Test
    void shortcut() {
        var graph = builder()
                .addLayer("a", new KernelConvolution(LayerKind.CONV3X3, 4, 3, 1, 1), "entry")
                .addVertex("short", new ShortcutVertex(8, 2), "a");
        assertThat(check(TestGraphs.init(TestGraphs.end(graph, "short")), 3)).isTrue();
    }

    @Test
    void convolutionsInGroups() {
        KernelConvolution grouped = new KernelConvolution(LayerKind.CONV3X3, 6, 3, 2, 1);
        grouped.setGroups(2);
        KernelConvolution multiplied = KernelConvolution.depthwise(6, 3, 1, 1);
        multiplied.setNOut(12);
        var graph = builder()
                .addLayer("a", KernelConvolution.depthwise(4, 3, 1, 1), "entry")
                .addLayer("b", grouped, "a")
                .addLayer("c", multiplied, "b")
                .addLayer("d", KernelConvolution.depthwise(12, 3, 2, 1), "c");
        assertThat(check(TestGraphs.init(TestGraphs.end(graph, "d")), 5)).isTrue();
    }

    @Test
    void dropoutAndDropPath() {
        var graph = builder()
                .addLayer("a", new KernelConvolution(LayerKind.CONV3X3, 4, 3, 1, 1), "entry")
                .addVertex("drop", new DropoutVertex(0.3), "a")
                .addLayer("b", new KernelConvolution(LayerKind.CONV1X1, 4, 1, 1, 0), "drop")
                .addVertex("path", new DropPathVertex(0.5), "b");
        assertThat(check(TestGraphs.init(TestGraphs.end(graph, "path")), 17)).isTrue();
    }

    @Test
    void maxPooling() {
        var graph = builder()
                .addLayer("a", new KernelConvolution(LayerKind.CONV3X3, 4, 3, 1, 1), "entry")
                .addVertex("max", new MaxPoolVertex(3, 2, 1), "a");
        assertThat(check(TestGraphs.init(TestGraphs.end(graph, "max")), 17)).isTrue();
    }

    @Test
    void residualNetwork() {
        assertThat(check(TestGraphs.init(TestGraphs.residual(DataType.DOUBLE, new NoOp(), SIZE)), 3))
                .isTrue();
    }

    @Test
    void residualNetworkWithMasks() {
        ComputationGraph graph = TestGraphs.init(TestGraphs.residual(DataType.DOUBLE, new NoOp(), SIZE));
        KernelSession session = KernelSession.attach(graph, new ScalarKernels());
        NmPattern pattern = new NmPattern(2, 4);
        MaskingMethod method = new MaskingMethod(pattern, 1000);
        session.drive(new MethodDriver(graph, pattern, method, position -> index -> {}));

        assertThat(check(graph, 3)).isTrue();
        assertThat(method.masks).hasSize(7);
        for (int i = 0; i < method.masks.size(); i++) {
            assertThat(method.layers.get(i).gradient().size())
                    .isEqualTo(method.masks.get(i).shape().size());
        }
    }
}
