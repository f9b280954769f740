package org.bame.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.bame.kernel.KernelProviders;
import org.bame.kernel.Kernels;
import org.bame.kernel.ScalarKernels;
import org.bame.sparsity.LayerKind;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/** Token ids in, blocks out: a graph without images. */
class TokenLookupTest {
    private static final int TOKENS = 5;
    private static final int VOCABULARY = 7;

    private static ComputationGraphConfiguration graph(DataType type) {
        TokenLookupVertex lookup = new TokenLookupVertex(VOCABULARY, 6);
        lookup.setDeviation(0.5);
        var builder = new NeuralNetConfiguration.Builder()
                .seed(7)
                .dataType(type)
                .updater(new NoOp())
                .graphBuilder()
                .addInputs("tokens")
                .setInputTypes(InputType.feedForward(TOKENS))
                .addVertex("entry", new BlockEntryVertex(), "tokens")
                .addVertex("lookup", lookup, "entry")
                .addLayer("linear", new KernelLinear(LayerKind.LINEAR, 4), "lookup");
        return TestGraphs.end(builder, "linear");
    }

    private static INDArray tokens(DataType type, int batch) {
        double[] ids = new Random(3).ints((long) batch * TOKENS, 0, VOCABULARY).asDoubleStream().toArray();
        return Nd4j.create(ids, new long[]{batch, TOKENS}, type);
    }

    @Test
    void hasTheGradientOfFiniteDifferences() {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
        try {
            assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.GraphConfig()
                    .net(TestGraphs.init(graph(DataType.DOUBLE)))
                    .inputs(new INDArray[]{tokens(DataType.DOUBLE, 17)})
                    .labels(new INDArray[]{TestGraphs.labels(DataType.DOUBLE, 17, 4)})
                    .maxRelError(1e-5)
                    .minAbsoluteError(1e-9))).isTrue();
        } finally {
            Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
        }
    }

    @Test
    void givesTheSameOnBothProviders() {
        for (int batch : new int[]{1, 33}) {
            try (Kernels simd = KernelProviders.simd(2)) {
                INDArray expected = gradients(new ScalarKernels(), batch);
                INDArray actual = gradients(simd, batch);
                assertThat(expected.amaxNumber().doubleValue()).isGreaterThan(0);
                assertThat(actual.sub(expected).amaxNumber().doubleValue()).isCloseTo(0, within(1e-4));
            }
        }
    }

    private static INDArray gradients(Kernels kernels, int batch) {
        ComputationGraph graph = TestGraphs.init(graph(DataType.FLOAT));
        KernelSession.attach(graph, kernels);
        graph.setInput(0, tokens(DataType.FLOAT, batch));
        graph.setLabel(0, TestGraphs.labels(DataType.FLOAT, batch, 6));
        graph.computeGradientAndScore();
        return graph.getFlattenedGradients().dup();
    }

    @Test
    void survivesJsonAndRefusesImages() {
        ComputationGraphConfiguration before = graph(DataType.FLOAT);
        ComputationGraphConfiguration after = ComputationGraphConfiguration.fromJson(before.toJson());
        assertThat(after).isEqualTo(before);
        assertThat(((TokenLookupVertex) after.getVertices().get("lookup")).getDeviation()).isEqualTo(0.5);
        TokenLookupVertex lookup = new TokenLookupVertex(5, 6);
        assertThat(lookup.clone()).isEqualTo(lookup).hasSameHashCodeAs(lookup);
        assertThat(lookup).isNotEqualTo(new TokenLookupVertex(6, 6)).isNotEqualTo(new TokenLookupVertex(5, 5));
        assertThatThrownBy(() -> TestGraphs.builder(DataType.FLOAT, new NoOp(), 4)
                .addVertex("lookup", lookup, "entry")
                .setOutputs("lookup")
                .build())
                .hasMessageContaining("one id a token");
    }
}
