package org.bame.harness.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class VisionTransformerTest {

    private static final OptimizerSettings ADAM = OptimizerSettings.AdamW.of(0.05);

    /**
     * Parameters of timm's models; multiply-accumulates of all products, attention's too, as in methods.md 1.3. Published
     * tables that also count norms say 1.26, 4.61 and 17.58 G.
     */
    @ParameterizedTest
    @CsvSource({"deit-t, 1254, 5717416", "deit-s, 4599, 22050664", "deit-b, 17564, 86567656"})
    void countsWhatIsPublished(String name, double millionMacs, long parameters) {
        PlannedNetwork network = network(name);
        NetworkPlan plan = network.plan(network.usualInput(), network.usualClasses());

        assertThat(plan.parameters()).isEqualTo(parameters);
        long attention = network.extraMacsPerSample(network.usualInput(), network.usualClasses());
        assertThat((plan.macsPerSample() + attention) / 1e6).isCloseTo(millionMacs, within(1.0));
    }

    @Test
    void blocksOfDeitSmallHaveTheShareOfTheSpecification() {
        PlannedNetwork network = network("deit-s");
        NetworkPlan plan = network.plan(network.usualInput(), network.usualClasses());
        double total = plan.macsPerSample() + plan.extraMacsPerSample();
        long sparse = plan.weightedLayers().stream()
                .filter(layer -> layer.kind().sparseByDefault())
                .mapToLong(WeightedLayer::macsPerSample)
                .sum();

        assertThat(sparse / total).isCloseTo(0.9096, within(1e-4));
        assertThat(plan.weightedLayers()).hasSize(4 * 12 + 2);
        assertThat(plan.weightedLayers().getFirst().kind()).isEqualTo(LayerKind.PATCH);
    }

    @Test
    void graphHasThePlansLayersAndParametersAndSurvivesJson() {
        PlannedNetwork network = network("deit-t-cifar");
        NetworkPlan plan = network.plan(network.usualInput(), network.usualClasses());
        ComputationGraphConfiguration configuration = configuration(network, 1);
        ComputationGraph graph = new ComputationGraph(configuration);

        assertThat(SparseTrainer.weightedLayers(graph)).containsExactlyElementsOf(plan.weightedLayers());
        assertThat(graph.params().length()).isEqualTo(plan.parameters());
        assertThat(ComputationGraphConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);
        INDArray weights = graph.getVertex("block7.mlp_in").paramTable(false).get("W");
        assertThat(weights.stdNumber().doubleValue()).isCloseTo(0.02, within(2e-4));
    }

    /** Not deit-b: its parameters alone are 350 MB. */
    @ParameterizedTest
    @ValueSource(strings = {"deit-t", "deit-s"})
    void networksForLargeImagesCanBeBuilt(String name) {
        PlannedNetwork network = network(name);
        NetworkPlan plan = network.plan(network.usualInput(), network.usualClasses());
        ComputationGraph graph = new ComputationGraph(configuration(network, 1));

        assertThat(SparseTrainer.weightedLayers(graph)).containsExactlyElementsOf(plan.weightedLayers());
        assertThat(graph.params().length()).isEqualTo(plan.parameters());
        graph.close();
    }

    @Test
    void oneStepMovesEveryParameter() {
        VisionTransformer small = new VisionTransformer(4, 48, 2, 3);
        PlannedNetwork network = new PlannedNetwork("small", "", new FeatureShape(3, 32, 32), 10, small::plan);
        step(network);
    }

    @Test
    void theCifarNetworkTrains() {
        step(network("deit-t-cifar"));
    }

    /** timm's rule: from 0 at the first block to the whole probability at the last; both branches. */
    @Test
    void stochasticDepthRisesLinearly() {
        PlannedNetwork network = (PlannedNetwork) network("deit-t-cifar").withDropPath(0.11).orElseThrow();
        NetworkPlan plan = network.plan(network.usualInput(), network.usualClasses());
        Map<String, TokenNodes.DropPath> drops = new HashMap<>();
        plan.nodes().forEach(node -> {
            if (node instanceof TokenNodes.DropPath drop) {
                drops.put(drop.name(), drop);
            }
        });

        assertThat(drops).hasSize(22).doesNotContainKeys("block1.drop1", "block1.drop2");
        for (int block = 2; block <= 12; block++) {
            assertThat(drops.get("block" + block + ".drop1").probability()).isCloseTo(0.01 * (block - 1), within(
                    1e-12));
            assertThat(drops.get("block" + block + ".drop2").probability()).isCloseTo(0.01 * (block - 1), within(
                    1e-12));
        }
        assertThat(drops.get("block5.drop1").from()).isEqualTo("block5.projection");
        assertThat(drops.get("block5.drop2").from()).isEqualTo("block5.mlp_out");
        NetworkPlan without = network("deit-t-cifar").plan(network.usualInput(), network.usualClasses());
        assertThat(without.nodes()).noneMatch(TokenNodes.DropPath.class::isInstance);
        assertThat(plan.weightedLayers()).isEqualTo(without.weightedLayers());
        assertThat(plan.parameters()).isEqualTo(without.parameters());
        assertThat(network.withDropPath(0).orElseThrow()).isSameAs(network);
    }

    /** With the highest probability hardly an image passes a branch, and the loss of a step is another. */
    @Test
    void stochasticDepthReachesTheGraph() {
        PlannedNetwork network = new VisionTransformer(4, 48, 2, 3).named("small", "", new FeatureShape(3, 32, 32), 10);
        step((PlannedNetwork) network.withDropPath(0.4).orElseThrow());
        double plain = firstLoss(network);
        assertThat(firstLoss((PlannedNetwork) network.withDropPath(0.99).orElseThrow())).isNotEqualTo(plain);
        assertThat(firstLoss(network)).isEqualTo(plain);
    }

    private static double firstLoss(PlannedNetwork network) {
        FeatureShape image = network.usualInput();
        INDArray features = Nd4j.linspace(DataType.FLOAT, -1, 1e-4, 8L * 3 * 32 * 32)
                .reshape(8, image.channels(), image.height(), image.width());
        INDArray labels = Nd4j.zeros(DataType.FLOAT, 8, network.usualClasses());
        labels.getColumn(3).assign(1);
        var settings = new SparseTrainer.Settings(ADAM, new LearningRateSchedule.Constant(1e-3), 10, 10);
        try (Kernels kernels = KernelProviders.simd(2)) {
            ComputationGraph graph = new ComputationGraph(configuration(network, 3));
            return new SparseTrainer(graph, kernels, new NmPattern(2, 4), null, settings).step(features, labels);
        }
    }

    @Test
    void patchesMustTileTheImage() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VisionTransformer(16, 192, 1, 3).plan(new FeatureShape(3, 40, 48), 10))
                .withMessageContaining("do not tile");
    }

    private static void step(PlannedNetwork network) {
        ComputationGraph graph = new ComputationGraph(configuration(network, 3));
        graph.init();
        FeatureShape image = network.usualInput();
        INDArray features = Nd4j.rand(DataType.FLOAT, 2, image.channels(), image.height(), image.width());
        INDArray labels = Nd4j.zeros(DataType.FLOAT, 2, network.usualClasses());
        labels.putScalar(0, 3, 1);
        labels.putScalar(1, 8, 1);
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

    private static ComputationGraphConfiguration configuration(PlannedNetwork network, long seed) {
        return network.build(new NetworkRequest(
                network.usualInput(), network.usualClasses(), seed, 0, ADAM.stockUpdater(1e-3)));
    }

    private static PlannedNetwork network(String name) {
        List<NetworkFactory> networks = VisionTransformer.networks();
        return (PlannedNetwork) networks.stream()
                .filter(network -> network.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
