package org.bame.harness.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
import org.nd4j.linalg.indexing.NDArrayIndex;

class NetworksTest {

    /**
     * Parameters: Idelbayev's table of the CIFAR networks, torchvision's documentation of the ImageNet ones, kuangliu's
     * pytorch-cifar for mobilenetv2-cifar, 20.04M in Network Slimming's README for vgg19; mobilenetv2-bimask is counted from its
     * code.
     */
    @ParameterizedTest
    @CsvSource({
        "resnet20, 40.6, 0.1, 269722",
        "resnet32, 68.9, 0.1, 464154",
        "resnet56, 125.5, 0.1, 853018",
        "resnet32-wide, 274.6, 0.1, 1849898",
        "resnet18, 1814.1, 0.1, 11689512",
        "resnet34, 3663.8, 0.1, 21797672",
        "resnet50, 4089.2, 0.1, 25557032",
        "mobilenetv2, 300.8, 0.1, 3504872",
        "mobilenetv2-cifar, 91.2, 0.1, 2296922",
        "mobilenetv2-bimask, 1777.5, 0.1, 42843002",
        "vgg19, 398.1, 0.1, 20035018"
    })
    void countsWhatIsPublished(String name, double millionMacs, double tolerance, long parameters) {
        NetworkPlan plan = plan(name);

        assertThat(plan.macsPerSample() / 1e6).isCloseTo(millionMacs, within(tolerance));
        assertThat(plan.parameters()).isEqualTo(parameters);
    }

    @Test
    void stemAndClassifierOfResNet50HaveTheSharesOfTheSpecification() {
        List<WeightedLayer> layers = plan("resnet50").weightedLayers();
        double total = plan("resnet50").macsPerSample();

        assertThat(layers.getFirst().kind()).isEqualTo(LayerKind.STEM);
        assertThat(layers.getFirst().macsPerSample() / total).isCloseTo(0.02886, within(1e-5));
        assertThat(layers.getLast().kind()).isEqualTo(LayerKind.CLASSIFIER);
        assertThat(layers.getLast().macsPerSample() / total).isCloseTo(0.00050, within(1e-5));
        assertThat(layers).filteredOn(layer -> layer.kind() == LayerKind.DOWNSAMPLE).hasSize(4);
        assertThat(layers).hasSize(54);
    }

    @Test
    void resNet18HasItsStemsShare() {
        NetworkPlan plan = plan("resnet18");

        assertThat((double) plan.weightedLayers().getFirst().macsPerSample() / plan.macsPerSample())
                .isCloseTo(0.0651, within(1e-4));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"resnet8", "resnet20", "resnet32", "resnet32-wide", "resnet20-projection",
                "resnet32-projection", "resnet18", "resnet34", "resnet50", "mobilenetv2", "mobilenetv2-cifar",
                "mobilenetv2-bimask", "vgg19"})
    void graphHasTheTablesLayersAndParameters(String name) {
        NetworkPlan plan = plan(name);
        ComputationGraph graph = new ComputationGraph(build(name, 1));

        // Deeplearning4j sorts a projection before or behind the block that it bridges.
        assertThat(SparseTrainer.weightedLayers(graph))
                .containsExactlyInAnyOrderElementsOf(plan.weightedLayers());
        // The graph holds a normalisation's running mean and variance too, as many numbers as scale and shift.
        long normalisation = plan.nodes().stream()
                .filter(NetworkNode.Normalisation.class::isInstance)
                .mapToLong(node -> 2L * node.output().channels())
                .sum();
        assertThat(graph.params().length()).isEqualTo(plan.parameters() + normalisation);
    }

    @Test
    void initialWeightsAreNormalWithTheDeviationOfTheFanOut() {
        ComputationGraph graph = new ComputationGraph(build("resnet32-wide", 5));
        graph.init();
        INDArray weights = graph.getVertex("stage3.block2.conv1").paramTable(false).get("W");

        assertThat(weights.meanNumber().doubleValue()).isCloseTo(0, within(1e-3));
        assertThat(weights.stdNumber().doubleValue()).isCloseTo(Math.sqrt(2.0 / (9 * 128)), within(5e-4));
    }

    @Test
    void theSeedDecidesTheWeights() {
        INDArray first = parameters(1);

        assertThat(parameters(1)).isEqualTo(first);
        assertThat(parameters(2)).isNotEqualTo(first);
    }

    /** Small images: the arithmetic of a layer does not depend on their extents. */
    @ParameterizedTest
    @CsvSource({
        "resnet18, 64",
        "resnet34, 64",
        "resnet50, 64",
        "mobilenetv2, 64",
        "mobilenetv2-cifar, 32",
        "mobilenetv2-bimask, 16",
        "vgg19, 32",
        "resnet20-projection, 16"
    })
    void oneStepMovesEveryParameter(String name, int size) {
        OptimizerSettings sgd = OptimizerSettings.Sgd.of(0.9, 0);
        FeatureShape image = new FeatureShape(3, size, size);
        ComputationGraph graph = new ComputationGraph(
                factory(name).build(new NetworkRequest(image, 10, 1, 0.1, sgd.stockUpdater(0.1))));
        graph.init();
        Map<String, INDArray> before = new HashMap<>();
        graph.paramTable().forEach((parameter, value) -> before.put(parameter, value.dup()));
        Nd4j.getRandom().setSeed(3);
        INDArray features = Nd4j.randn(DataType.FLOAT, 2, 3, size, size);
        INDArray labels = Nd4j.eye(10).get(NDArrayIndex.interval(0, 2)).castTo(DataType.FLOAT);
        try (Kernels kernels = KernelProviders.simd(2);
                SparseTrainer trainer = new SparseTrainer(
                        graph,
                        kernels,
                        NmPattern.parse("1:4"),
                        null,
                        new SparseTrainer.Settings(sgd, new LearningRateSchedule.Cosine(0.1, 0, 0, 10, 1), 10, 1))) {
            assertThat(trainer.step(features, labels)).isPositive().isLessThan(20);
        }
        graph.paramTable().forEach((parameter, value) -> {
            // By any amount: a shift before a linear layer and a normalisation moves by rounding errors alone.
            double moved = value.sub(before.get(parameter)).amaxNumber().doubleValue();
            assertThat(moved).as("%s of %s", parameter, name).isPositive().isFinite();
        });
    }

    @Test
    void depthwiseLayersStayDenseAndAreCountedByTheGroup() {
        List<WeightedLayer> layers = plan("mobilenetv2").weightedLayers();

        assertThat(layers).hasSize(53);
        assertThat(layers).filteredOn(layer -> layer.kind() == LayerKind.DEPTHWISE).hasSize(17).allSatisfy(layer -> {
            assertThat(layer.weights().inputs()).isEqualTo(1);
            assertThat(layer.sparsifiability(NmPattern.parse("2:4")).reason()).contains("one input channel");
        });
        assertThat(plan("mobilenetv2-bimask").weightedLayers())
                .extracting(WeightedLayer::kind)
                .doesNotContain(LayerKind.DEPTHWISE);
    }

    @Test
    void vgg19HasSixteenConvolutionsAndOneClassifier() {
        List<WeightedLayer> layers = plan("vgg19").weightedLayers();

        assertThat(layers).hasSize(17);
        assertThat(layers.getFirst().kind()).isEqualTo(LayerKind.STEM);
        assertThat(layers.subList(1, 16)).allMatch(layer -> layer.kind() == LayerKind.CONV3X3);
        assertThat(layers.getLast().weights().inputs()).isEqualTo(512);
        assertThatThrownBy(() -> new Vgg(List.of(2, 2))).hasMessageContaining("expected 5 stages");
    }

    @Test
    void configurationSurvivesJson() {
        ComputationGraphConfiguration configuration = build("resnet20-projection", 3);

        assertThat(ComputationGraphConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);
    }

    private static INDArray parameters(long seed) {
        ComputationGraph graph = new ComputationGraph(build("resnet8", seed));
        graph.init();
        return graph.params().dup();
    }

    private static ComputationGraphConfiguration build(String name, long seed) {
        NetworkFactory network = factory(name);
        return network.build(new NetworkRequest(
                network.usualInput(), network.usualClasses(), seed, 0, OptimizerSettings.Sgd.of(0.9, 0).stockUpdater(
                        0.1)));
    }

    private static NetworkPlan plan(String name) {
        PlannedNetwork network = (PlannedNetwork) factory(name);
        return network.plan(network.usualInput(), network.usualClasses());
    }

    private static NetworkFactory factory(String name) {
        return Stream.of(CifarResNet.networks().stream(), ImageNetResNet.networks().stream(), MobileNetV2.networks()
                .stream(), Vgg.networks().stream())
                .flatMap(networks -> networks)
                .filter(network -> network.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void fitsImagesOfOtherExtents() {
        NetworkPlan plan = new CifarResNet(1, List.of(4, 8, 16), CifarResNet.Shortcut.PARAMETER_FREE)
                .plan(new FeatureShape(1, 9, 7), 3);

        assertThat(plan.nodes().getLast().output()).isEqualTo(FeatureShape.vector(3));
        assertThat(plan.nodes()).extracting(NetworkNode::name).contains("stage2.block1.shortcut");
    }
}
