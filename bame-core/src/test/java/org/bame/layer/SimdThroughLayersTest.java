package org.bame.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.bame.kernel.KernelProviders;
import org.bame.kernel.Kernels;
import org.bame.kernel.ScalarKernels;
import org.bame.sparsity.LayerKind;
import org.bame.sparsity.SparsityPattern;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.NoOp;

/** The SIMD kernels against the scalar twin through a whole graph: same weights, outputs and gradients close. */
class SimdThroughLayersTest {
    private static final int SIZE = 9;
    private static final String DENSE = "dense";

    private record Result(INDArray logits, INDArray gradients, double loss) {}

    private static Result run(
            Kernels kernels, ComputationGraphConfiguration configuration, int batch, String pattern) {
        ComputationGraph graph = TestGraphs.init(configuration);
        KernelSession session = KernelSession.attach(graph, kernels);
        if (!pattern.equals(DENSE)) {
            SparsityPattern masks = SparsityPattern.parse(pattern);
            session.drive(new MethodDriver(graph, masks, new MaskingMethod(masks, 1000), position -> index -> {}));
        }
        INDArray features = TestGraphs.features(DataType.FLOAT, batch, SIZE, 5);
        graph.setInput(0, features);
        graph.setLabel(0, TestGraphs.labels(DataType.FLOAT, batch, 6));
        graph.computeGradientAndScore();
        INDArray gradients = graph.getFlattenedGradients().dup();
        double loss = graph.score();
        return new Result(graph.outputSingle(features), gradients, loss);
    }

    private static void compare(int batch, String pattern) {
        compare(TestGraphs.residual(DataType.FLOAT, new NoOp(), SIZE), batch, pattern);
    }

    private static void compare(ComputationGraphConfiguration configuration, int batch, String pattern) {
        try (Kernels simd = KernelProviders.simd(2);
                Kernels scalar = new ScalarKernels()) {
            Result expected = run(scalar, configuration.clone(), batch, pattern);
            Result actual = run(simd, configuration.clone(), batch, pattern);
            assertThat(actual.loss).isCloseTo(expected.loss, within(1e-5));
            close(actual.logits, expected.logits);
            close(actual.gradients, expected.gradients);
        }
    }

    private static void close(INDArray actual, INDArray expected) {
        double largest = expected.amaxNumber().doubleValue();
        assertThat(largest).isGreaterThan(0);
        assertThat(actual.sub(expected).amaxNumber().doubleValue()).isLessThan(2e-4 * largest);
    }

    @ParameterizedTest
    @CsvSource({"1", "15", "16", "17", "33", "64", "65"})
    void denseGraph(int batch) {
        compare(batch, DENSE);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1:4", "17, 1:4", "33, 1:4", "65, 1:4", "17, unstructured@0.75", "33, unstructured@0.95", "33, fan_in@0.9"
    })
    void maskedGraph(int batch, String pattern) {
        compare(batch, pattern);
    }

    @ParameterizedTest
    @CsvSource({"1", "17", "33"})
    void maxPooling(int batch) {
        var graph = TestGraphs.builder(DataType.FLOAT, new NoOp(), SIZE)
                .addLayer("stem", new KernelConvolution(LayerKind.STEM, 6, 3, 1, 1), "entry")
                .addVertex("max", new MaxPoolVertex(3, 2, 1), "stem")
                .addLayer("next", new KernelConvolution(LayerKind.CONV3X3, 6, 3, 1, 1), "max");
        compare(TestGraphs.end(graph, "next"), batch, DENSE);
    }

    @ParameterizedTest
    @CsvSource({"1, dense", "17, 1:4", "33, dense", "33, 1:4", "33, unstructured@0.75"})
    void convolutionsInGroups(int batch, String pattern) {
        KernelConvolution grouped = new KernelConvolution(LayerKind.CONV3X3, 8, 3, 1, 1);
        grouped.setGroups(2);
        var graph = TestGraphs.builder(DataType.FLOAT, new NoOp(), SIZE)
                .addLayer("expand", new KernelConvolution(LayerKind.CONV1X1, 8, 1, 1, 0), "entry")
                .addLayer("depthwise", KernelConvolution.depthwise(8, 3, 2, 1), "expand")
                .addLayer("grouped", grouped, "depthwise");
        compare(TestGraphs.end(graph, "grouped"), batch, pattern);
    }

    @Test
    void imagesDoNotDependOnTheirBatchInInference() {
        try (Kernels simd = KernelProviders.simd(2)) {
            ComputationGraph graph = TestGraphs.init(TestGraphs.residual(DataType.FLOAT, new NoOp(), SIZE));
            KernelSession.attach(graph, simd);
            INDArray features = TestGraphs.features(DataType.FLOAT, 65, SIZE, 5);
            INDArray all = graph.outputSingle(features);
            for (int image : new int[]{0, 31, 32, 64}) {
                INDArray alone = graph.outputSingle(
                        features.slice(image).reshape(new long[]{1, 4, SIZE, SIZE}));
                assertThat(alone.sub(all.getRow(image, true)).amaxNumber().doubleValue())
                        .isLessThan(1e-5);
            }
        }
    }
}
