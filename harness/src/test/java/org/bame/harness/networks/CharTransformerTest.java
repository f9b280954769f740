package org.bame.harness.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bame.datasets.Modality;
import org.bame.flops.FlopsAccount;
import org.bame.flops.WeightedLayer;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.KernelProviders;
import org.bame.kernel.Kernels;
import org.bame.layer.LearningRateSchedule;
import org.bame.layer.OptimizerSettings;
import org.bame.layer.SparseTrainer;
import org.bame.sparsity.LayerKind;
import org.bame.sparsity.NmPattern;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CharTransformerTest {

    private static final OptimizerSettings ADAM = OptimizerSettings.AdamW.of(0.1);
    private static final int TOKENS = 128;
    private static final int VOCABULARY = 65;
    private static final int WIDTH = 128;
    private static final PlannedNetwork NETWORK = (PlannedNetwork) CharTransformer.networks().getFirst();
    private static final NetworkPlan PLAN = NETWORK.plan(NETWORK.usualInput(), NETWORK.usualClasses());

    /** By the sizes of its tensors: a table, positions, four blocks, a norm, a head. */
    @Test
    void hasTheParametersOfItsTensors() {
        long block = 4 * WIDTH + 3L * WIDTH * (WIDTH + 1) + WIDTH * (WIDTH + 1L) + 4L * WIDTH * (WIDTH + 1)
                + WIDTH * (4L * WIDTH + 1);
        long expected = VOCABULARY * WIDTH + TOKENS * WIDTH + 4 * block + 2 * WIDTH + VOCABULARY * (WIDTH + 1L);
        assertThat(PLAN.parameters()).isEqualTo(expected).isEqualTo(826_433);
        assertThat(NETWORK.modality()).isEqualTo(Modality.TEXT);
    }

    /** Of a whole window: a linear layer runs at each of 128 tokens, attention multiplies 128 x 128 twice. */
    @Test
    void costsAreThoseOfAWindow() {
        long linear = TOKENS * (4L * 12 * WIDTH * WIDTH + VOCABULARY * WIDTH);
        assertThat(PLAN.macsPerSample()).isEqualTo(linear);
        assertThat(PLAN.extraMacsPerSample()).isEqualTo(4L * 2 * TOKENS * TOKENS * WIDTH);
        FlopsAccount account =
                new FlopsAccount(PLAN.weightedLayers(), new NmPattern(2, 4), PLAN.extraMacsPerSample());
        assertThat(account.sparsifiedMacsPerSample()).isEqualTo(TOKENS * 4L * 12 * WIDTH * WIDTH);
    }

    @Test
    void tableAndHeadAreDenseAndAllElseIsSparse() {
        List<WeightedLayer> layers = PLAN.weightedLayers();
        assertThat(layers).hasSize(4 * 4 + 1);
        assertThat(layers).extracting(WeightedLayer::kind).startsWith(
                LayerKind.QKV, LayerKind.PROJECTION, LayerKind.MLP_IN, LayerKind.MLP_OUT);
        for (WeightedLayer layer : layers) {
            assertThat(layer.sparsifiability(new NmPattern(1, 16)).sparse())
                    .as(layer.name())
                    .isEqualTo(layer.kind() != LayerKind.CLASSIFIER);
        }
    }

    @Test
    void graphHasThePlansLayersAndParametersAndSurvivesJson() {
        ComputationGraphConfiguration configuration = configuration(NETWORK);
        ComputationGraph graph = new ComputationGraph(configuration);

        assertThat(SparseTrainer.weightedLayers(graph)).containsExactlyElementsOf(PLAN.weightedLayers());
        assertThat(graph.params().length()).isEqualTo(PLAN.parameters());
        assertThat(ComputationGraphConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);
    }

    @Test
    void oneStepMovesEveryParameterAndTheFirstLossIsThatOfGuessing() {
        ComputationGraph graph = new ComputationGraph(configuration(NETWORK));
        graph.init();
        int windows = 3;
        INDArray ids = Nd4j.create(DataType.FLOAT, windows, 1, TOKENS, 1);
        INDArray labels = Nd4j.zeros(DataType.FLOAT, windows, (long) VOCABULARY * TOKENS);
        for (int window = 0; window < windows; window++) {
            for (int token = 0; token < TOKENS; token++) {
                int id = (window * 31 + token * 7) % VOCABULARY;
                ids.putScalar(new int[]{window, 0, token, 0}, id);
                labels.putScalar(window, (long) ((id + 7) % VOCABULARY) * TOKENS + token, 1);
            }
        }
        var settings = new SparseTrainer.Settings(ADAM, new LearningRateSchedule.Constant(1e-3), 10, 10);
        Map<String, INDArray> before = new HashMap<>();
        graph.paramTable().forEach((name, parameter) -> before.put(name, parameter.dup()));
        try (Kernels kernels = KernelProviders.simd(2)) {
            SparseTrainer trainer = new SparseTrainer(graph, kernels, new NmPattern(2, 4), null, settings);
            assertThat(trainer.logits(ids).shape()).containsExactly(windows, (long) VOCABULARY * TOKENS);
            double loss = trainer.step(ids, labels);
            assertThat(loss).isCloseTo(Math.log(VOCABULARY), within(0.3));
            assertThat(trainer.step(ids, labels)).isLessThan(loss);
        }
        graph.paramTable().forEach((name, parameter) -> {
            assertThat(parameter.sumNumber().doubleValue()).as(name).isFinite();
            assertThat(parameter).as(name).isNotEqualTo(before.get(name));
        });
    }

    @Test
    void itCanBeWiderAndDropBranches() {
        PlannedNetwork wide = (PlannedNetwork) NETWORK.widened(2).orElseThrow();
        assertThat(wide.plan(NETWORK.usualInput(), VOCABULARY).weightedLayers().getFirst().weights().inputs())
                .isEqualTo(2 * WIDTH);
        PlannedNetwork dropping = (PlannedNetwork) NETWORK.withDropPath(0.1).orElseThrow();
        assertThat(dropping.plan(NETWORK.usualInput(), VOCABULARY).nodes())
                .filteredOn(TokenNodes.DropPath.class::isInstance)
                .hasSize(6);
    }

    @Test
    void refusesImages() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NETWORK.plan(new FeatureShape(3, 32, 32), 10))
                .withMessageContaining("one channel of token ids, got an input of 3x32x32");
    }

    private static ComputationGraphConfiguration configuration(PlannedNetwork network) {
        return network.build(new NetworkRequest(
                network.usualInput(), network.usualClasses(), 3, 0, ADAM.stockUpdater(1e-3)));
    }
}
