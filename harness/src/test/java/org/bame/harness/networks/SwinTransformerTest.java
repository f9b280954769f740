package org.bame.harness.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bame.flops.WeightedLayer;
import org.bame.kernel.AttentionScope;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SwinTransformerTest {

    private static final OptimizerSettings ADAM = OptimizerSettings.AdamW.of(0.05);

    /** torchvision's table: parameters, and multiply-accumulates ("GFLOPS" there) with those of attention. */
    @ParameterizedTest
    @CsvSource({"swin-t, 4.49, 28288354", "swin-s, 8.74, 49606258"})
    void countsWhatIsPublished(String name, double billionMacs, long parameters) {
        PlannedNetwork network = network(name);
        NetworkPlan plan = plan(network);

        assertThat(plan.parameters()).isEqualTo(parameters);
        assertThat((plan.macsPerSample() + plan.extraMacsPerSample()) / 1e9).isCloseTo(billionMacs, within(0.01));
    }

    /** Liu et al. 2021, equation 2: {@code 4 h w C^2 + 2 M^2 h w C}, here of the last stage, and an MLP of {@code 8 h w C^2}. */
    @Test
    void aBlockCostsWhatThePaperSays() {
        NetworkPlan plan = plan(network("swin-t"));
        long tokens = 7 * 7;
        long width = 768;
        long macs = plan.weightedLayers().stream()
                .filter(layer -> layer.name().startsWith("block12."))
                .mapToLong(WeightedLayer::macsPerSample)
                .sum();
        long attention = plan.nodes().stream()
                .filter(node -> node.name().equals("block12.attention"))
                .mapToLong(node -> ((TokenNodes.Attention) node).extraMacs())
                .sum();

        assertThat(macs).isEqualTo(12 * tokens * width * width);
        assertThat(attention).isEqualTo(2 * 49 * tokens * width);
    }

    @Test
    void everySecondBlocksWindowsAreShifted() {
        NetworkPlan plan = plan(network("swin-t"));
        List<TokenNodes.Attention> attention = plan.nodes().stream()
                .filter(TokenNodes.Attention.class::isInstance)
                .map(TokenNodes.Attention.class::cast)
                .toList();

        assertThat(attention).hasSize(12);
        for (int i = 0; i < 12; i++) {
            assertThat(attention.get(i).shape().scope()).isEqualTo(new AttentionScope.Windows(7, i % 2 == 0 ? 0 : 3));
        }
        assertThat(attention.stream().map(node -> node.shape().heads()))
                .containsExactly(3, 3, 6, 6, 12, 12, 12, 12, 12, 12, 24, 24);
        assertThat(attention.stream().map(node -> node.output().height()))
                .containsExactly(56, 56, 28, 28, 14, 14, 14, 14, 14, 14, 7, 7);
    }

    @Test
    void allButPatchesAndHeadAreSparse() {
        List<WeightedLayer> layers = plan(network("swin-t")).weightedLayers();

        assertThat(layers).hasSize(4 * 12 + 3 + 2);
        assertThat(layers).filteredOn(layer -> !layer.kind().sparseByDefault())
                .extracting(WeightedLayer::kind)
                .containsExactly(LayerKind.PATCH, LayerKind.CLASSIFIER);
        assertThat(layers).filteredOn(layer -> layer.kind() == LayerKind.LINEAR)
                .extracting(WeightedLayer::name)
                .containsExactly("merging1.reduction", "merging2.reduction", "merging3.reduction");
    }

    @ParameterizedTest
    @ValueSource(strings = {"swin-cifar", "swin-t", "swin-s"})
    void graphHasThePlansLayersAndParametersAndSurvivesJson(String name) {
        PlannedNetwork network = network(name);
        NetworkPlan plan = plan(network);
        ComputationGraphConfiguration configuration = configuration(network);
        ComputationGraph graph = new ComputationGraph(configuration);

        assertThat(SparseTrainer.weightedLayers(graph)).containsExactlyElementsOf(plan.weightedLayers());
        assertThat(graph.params().length()).isEqualTo(plan.parameters());
        assertThat(ComputationGraphConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);
        graph.close();
    }

    @Test
    void aStepMovesEveryParameterAndTheLossFalls() {
        PlannedNetwork network = (PlannedNetwork) new SwinTransformer(2, 4, 32, List.of(2, 1), 0)
                .named("small", new FeatureShape(3, 24, 16), 10)
                .withDropPath(0.3)
                .orElseThrow();
        ComputationGraph graph = new ComputationGraph(configuration(network));
        graph.init();
        INDArray features = Nd4j.rand(DataType.FLOAT, 5, 3, 24, 16);
        INDArray labels = Nd4j.zeros(DataType.FLOAT, 5, 10);
        labels.getColumn(3).assign(1);
        var settings = new SparseTrainer.Settings(ADAM, new LearningRateSchedule.Constant(1e-3), 10, 10);
        Map<String, INDArray> before = new HashMap<>();
        graph.paramTable().forEach((name, parameter) -> before.put(name, parameter.dup()));
        try (Kernels kernels = KernelProviders.simd(2)) {
            SparseTrainer trainer = new SparseTrainer(graph, kernels, new NmPattern(2, 4), null, settings);
            double loss = trainer.step(features, labels);
            assertThat(loss).isCloseTo(Math.log(10), within(1.0));
            assertThat(trainer.step(features, labels)).isLessThan(loss);
        }
        graph.paramTable().forEach((name, parameter) -> {
            assertThat(parameter.sumNumber().doubleValue()).as(name).isFinite();
            assertThat(parameter).as(name).isNotEqualTo(before.get(name));
        });
    }

    /** Imagenette's short recipe has 64x64 pixels: stages of 16, 8, 4 and 2 rows, windows of 7 that do not tile them. */
    @Test
    void takesImagesThatWindowsDoNotTile() {
        NetworkPlan plan = network("swin-t").plan(new FeatureShape(3, 64, 64), 10);

        assertThat(plan.nodes().getLast().output()).isEqualTo(FeatureShape.vector(10));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network("swin-t").plan(new FeatureShape(3, 66, 64), 10))
                .withMessageContaining("Patches of 4x4 do not tile");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> network("swin-t").plan(new FeatureShape(3, 80, 64), 10))
                .withMessageContaining("Patch merging got an input of 384x5x4");
    }

    private static NetworkPlan plan(PlannedNetwork network) {
        return network.plan(network.usualInput(), network.usualClasses());
    }

    private static ComputationGraphConfiguration configuration(PlannedNetwork network) {
        return network.build(new NetworkRequest(
                network.usualInput(), network.usualClasses(), 3, 0, ADAM.stockUpdater(1e-3)));
    }

    private static PlannedNetwork network(String name) {
        return (PlannedNetwork) SwinTransformer.networks().stream()
                .filter(network -> network.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
