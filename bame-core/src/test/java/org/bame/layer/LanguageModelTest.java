package org.bame.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.KernelProviders;
import org.bame.kernel.Kernels;
import org.bame.kernel.ScalarKernels;
import org.bame.sparsity.LayerKind;
import org.bame.sparsity.SparsityPattern;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.NoOp;

/** A small decoder that predicts at every token: ids in, a loss of each token's prediction out. */
class LanguageModelTest {
    private static final int TOKENS = 5;
    private static final int VOCABULARY = 7;
    private static final int WIDTH = 8;
    private static final String DENSE = "dense";

    @AfterEach
    void useFloats() {
        Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
    }

    private static ComputationGraphConfiguration model(DataType type, int exitPositions, int lossPositions) {
        TokenLookupVertex lookup = new TokenLookupVertex(VOCABULARY, WIDTH);
        lookup.setDeviation(0.5);
        LossLayer loss = new LossLayer.Builder(new SmoothedCrossEntropy(0.1, lossPositions))
                .activation(Activation.IDENTITY)
                .build();
        return new NeuralNetConfiguration.Builder()
                .seed(7)
                .dataType(type)
                .updater(new NoOp())
                .graphBuilder()
                .addInputs("tokens")
                .setInputTypes(InputType.feedForward(TOKENS))
                .addVertex("entry", new BlockEntryVertex(), "tokens")
                .addVertex("lookup", lookup, "entry")
                .addVertex("positions", new TokenEmbeddingVertex(new FeatureShape(WIDTH, TOKENS, 1), false), "lookup")
                .addVertex("norm1", new LayerNormVertex(WIDTH), "positions")
                .addLayer("qkv", new KernelLinear(LayerKind.QKV, 3 * WIDTH), "norm1")
                .addVertex("attention", new AttentionVertex(2, true), "qkv")
                .addLayer("projection", new KernelLinear(LayerKind.PROJECTION, WIDTH), "attention")
                .addVertex("residual1", new ResidualVertex(), "positions", "projection")
                .addVertex("norm2", new LayerNormVertex(WIDTH), "residual1")
                .addLayer("mlp_in", new KernelLinear(LayerKind.MLP_IN, 2 * WIDTH), "norm2")
                .addVertex("gelu", new GeluVertex(), "mlp_in")
                .addLayer("mlp_out", new KernelLinear(LayerKind.MLP_OUT, WIDTH), "gelu")
                .addVertex("residual2", new ResidualVertex(), "residual1", "mlp_out")
                .addVertex("norm", new LayerNormVertex(WIDTH), "residual2")
                .addLayer("head", new KernelLinear(LayerKind.CLASSIFIER, VOCABULARY), "norm")
                .addVertex("exit", new BlockExitVertex(exitPositions), "head")
                .addLayer("loss", loss, "exit")
                .setOutputs("loss")
                .build();
    }

    private static ComputationGraph graph(DataType type) {
        return TestGraphs.init(model(type, TOKENS, TOKENS));
    }

    private static INDArray tokens(DataType type, int batch) {
        double[] ids = new Random(3).ints((long) batch * TOKENS, 0, VOCABULARY).asDoubleStream().toArray();
        return Nd4j.create(ids, new long[]{batch, TOKENS}, type);
    }

    /** {@code [batch, class * position]}. */
    private static INDArray labels(DataType type, int batch) {
        Random random = new Random(4);
        INDArray labels = Nd4j.zeros(type, batch, (long) VOCABULARY * TOKENS);
        for (int image = 0; image < batch; image++) {
            for (int position = 0; position < TOKENS; position++) {
                labels.putScalar(image, (long) random.nextInt(VOCABULARY) * TOKENS + position, 1);
            }
        }
        return labels;
    }

    @Test
    void hasTheGradientOfFiniteDifferences() {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
        ComputationGraph graph = graph(DataType.DOUBLE);
        graph.params().addi(Nd4j.rand(DataType.DOUBLE, graph.params().shape()).muli(0.4).subi(0.2));

        assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.GraphConfig()
                .net(graph)
                .inputs(new INDArray[]{tokens(DataType.DOUBLE, 3)})
                .labels(new INDArray[]{labels(DataType.DOUBLE, 3)})
                .maxRelError(1e-5)
                .minAbsoluteError(1e-9)))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1, dense", "17, dense", "33, dense", "33, 2:4", "65, 1:4", "17, unstructured@0.75"})
    void givesTheSameOnBothProviders(int batch, String pattern) {
        try (Kernels simd = KernelProviders.simd(2);
                Kernels scalar = new ScalarKernels()) {
            INDArray expected = gradients(scalar, batch, pattern);
            INDArray actual = gradients(simd, batch, pattern);
            double largest = expected.amaxNumber().doubleValue();
            assertThat(largest).isGreaterThan(0);
            assertThat(actual.sub(expected).amaxNumber().doubleValue()).isLessThan(1e-4 * largest);
        }
    }

    private static INDArray gradients(Kernels kernels, int batch, String pattern) {
        ComputationGraph graph = graph(DataType.FLOAT);
        KernelSession session = KernelSession.attach(graph, kernels);
        if (!pattern.equals(DENSE)) {
            SparsityPattern masks = SparsityPattern.parse(pattern);
            session.drive(new MethodDriver(graph, masks, new MaskingMethod(masks, 1000), position -> index -> {}));
        }
        graph.setInput(0, tokens(DataType.FLOAT, batch));
        graph.setLabel(0, labels(DataType.FLOAT, batch));
        graph.computeGradientAndScore();
        return graph.getFlattenedGradients().dup();
    }

    /** Each graph computes its loss by the kernels that it was given, also of one configuration. */
    @Test
    void theLossIsComputedByTheKernelsOfTheGraph() {
        AtomicInteger first = new AtomicInteger();
        AtomicInteger second = new AtomicInteger();
        ComputationGraphConfiguration shared = model(DataType.FLOAT, TOKENS, TOKENS);
        List<ComputationGraph> graphs = List.of(new ComputationGraph(shared), new ComputationGraph(shared));
        KernelSession.attach(graphs.get(0), countingLosses(first));
        KernelSession.attach(graphs.get(1), countingLosses(second));
        for (int step = 0; step < 3; step++) {
            for (ComputationGraph graph : graphs.subList(0, step < 2 ? 2 : 1)) {
                graph.setInput(0, tokens(DataType.FLOAT, 2));
                graph.setLabel(0, labels(DataType.FLOAT, 2));
                graph.computeGradientAndScore();
            }
        }

        assertThat(second.get()).isPositive();
        assertThat(2 * first.get()).isEqualTo(3 * second.get());
        assertThat(ComputationGraphConfiguration.fromJson(graphs.getFirst().getConfiguration().toJson()))
                .isEqualTo(shared);
    }

    private static Kernels countingLosses(AtomicInteger count) {
        Kernels scalar = new ScalarKernels();
        return (Kernels) Proxy.newProxyInstance(Kernels.class.getClassLoader(), new Class<?>[]{Kernels.class}, (self,
                method, arguments) -> {
            if (method.getName().equals("softmaxCrossEntropy")) {
                count.incrementAndGet();
            }
            return method.invoke(scalar, arguments);
        });
    }

    /** Logits that are all alike cost ln V a token, however many tokens and images there are. */
    @Test
    void theLossIsTheMeanOverTokensAndImages() {
        ComputationGraph graph = graph(DataType.FLOAT);
        graph.getVertex("head").params().assign(0);
        graph.setInput(0, tokens(DataType.FLOAT, 9));
        graph.setLabel(0, labels(DataType.FLOAT, 9));
        graph.computeGradientAndScore();
        assertThat(graph.score()).isCloseTo(Math.log(VOCABULARY), within(1e-6));
    }

    @Test
    void noPredictionSeesLaterTokens() {
        ComputationGraph graph = graph(DataType.FLOAT);
        INDArray tokens = tokens(DataType.FLOAT, 2);
        INDArray before = logits(graph, tokens);
        int changed = 3;
        tokens.putScalar(0, changed, (tokens.getInt(0, changed) + 1) % VOCABULARY);
        INDArray after = logits(graph, tokens);

        assertThat(before.shape()).containsExactly(2, VOCABULARY, TOKENS);
        for (int token = 0; token < TOKENS; token++) {
            INDArray difference = after.sub(before).get(
                    NDArrayIndex.point(0), NDArrayIndex.all(), NDArrayIndex.point(token));
            assertThat(difference.amaxNumber().doubleValue() > 0).as("token %d", token).isEqualTo(token >= changed);
        }
        assertThat(after.slice(1)).isEqualTo(before.slice(1));
    }

    private static INDArray logits(ComputationGraph graph, INDArray tokens) {
        return graph.outputSingle(tokens).reshape(tokens.size(0), VOCABULARY, TOKENS);
    }

    @Test
    void survivesJson() {
        ComputationGraphConfiguration before = model(DataType.FLOAT, TOKENS, TOKENS);
        ComputationGraphConfiguration after = ComputationGraphConfiguration.fromJson(before.toJson());
        assertThat(after).isEqualTo(before);
        assertThat(((BlockExitVertex) after.getVertices().get("exit")).getPositions()).isEqualTo(TOKENS);
        assertThat(new BlockExitVertex(3).clone()).isEqualTo(new BlockExitVertex(3));
    }

    @Test
    void refusesOtherPositionsThanThereAre() {
        assertThatThrownBy(() -> model(DataType.FLOAT, 1, TOKENS))
                .hasMessageContaining("expects blocks of one pixel, got 7x5x1")
                .hasMessageContaining("BlockExitVertex(5)");
        ComputationGraph graph = TestGraphs.init(model(DataType.FLOAT, TOKENS, 4));
        graph.setInput(0, tokens(DataType.FLOAT, 2));
        graph.setLabel(0, labels(DataType.FLOAT, 2));
        assertThatThrownBy(graph::computeGradientAndScore)
                .hasMessageContaining("expected a number of classes times 4 positions");
    }
}
