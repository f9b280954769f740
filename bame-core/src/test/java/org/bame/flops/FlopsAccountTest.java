package org.bame.flops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.bame.RecordChange;
import org.bame.method.MethodContext;
import org.bame.method.bame.BameConfiguration;
import org.bame.method.bame.BameMethodFactory;
import org.bame.sparsity.LayerKind;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Published and derived figures of methods.md 1.3, 3.3 and 3.4. */
class FlopsAccountTest {
    private static final int STEPS_PER_EPOCH = 500;
    private static final long STEPS = 120L * STEPS_PER_EPOCH;
    private static final NmPattern ONE_OF_16 = new NmPattern(1, 16);
    private static final Offset<Double> FOUR_DIGITS = within(5e-5);

    private final FlopsAccount resnet50 = new FlopsAccount(ResNet50Layers.all(), ONE_OF_16, 0);

    @Test
    void resNet50HasItsKnownSize() {
        assertThat(resnet50.forwardMacsPerSample() / 1e9).isEqualTo(4.0892, within(5e-5));
        WeightedLayer stem = ResNet50Layers.all().getFirst();
        WeightedLayer classifier = ResNet50Layers.all().getLast();
        assertThat(100.0 * stem.macsPerSample() / resnet50.forwardMacsPerSample()).isEqualTo(2.886, within(5e-4));
        assertThat(100.0 * classifier.macsPerSample() / resnet50.forwardMacsPerSample()).isEqualTo(0.050, within(5e-4));
        assertThat(ResNet50Layers.all().stream().mapToLong(layer -> layer.weights().size()).sum() / 1e6)
                .isEqualTo(25.50, within(5e-3));
    }

    @Test
    void srSteCostsWhatThePapersSay() {
        TrainingCost cost = resnet50.cost(SteadyCosts.maskedForward(1.0 / 16), STEPS);
        assertThat(cost.test()).isEqualTo(0.0900, FOUR_DIGITS);
        assertThat(cost.paper()).isEqualTo(0.6967, FOUR_DIGITS);
        assertThat(cost.cpuExecuted()).isEqualTo(0.3934, FOUR_DIGITS);
        assertThat(cost.nmHardware()).isEqualTo(0.6967, FOUR_DIGITS);
    }

    @Test
    void bameCostsWhatMakesThePublishedRatio() {
        double srSte = resnet50.cost(SteadyCosts.maskedForward(1.0 / 16), STEPS).paper();
        TrainingCost whole = bame(resnet50, ONE_OF_16, "finalFraction", 1.0);
        assertThat(whole.paper()).isEqualTo(0.2943, FOUR_DIGITS);
        assertThat(srSte / whole.paper()).isEqualTo(2.368, within(5e-4));
        assertThat(whole.cpuExecuted()).isEqualTo(0.1932, FOUR_DIGITS);
        assertThat(0.3934 / whole.cpuExecuted()).isEqualTo(2.04, within(5e-3));
        assertThat(whole.nmHardware()).isEqualTo(0.6967, FOUR_DIGITS);
        assertThat(whole.test()).isEqualTo(0.0900, FOUR_DIGITS);
        TrainingCost defaults = bame(resnet50, ONE_OF_16, "finalFraction", 0.8);
        assertThat(defaults.paper()).isEqualTo(0.2937, FOUR_DIGITS);
        assertThat(srSte / defaults.paper()).isEqualTo(2.372, within(5e-4));
    }

    @Test
    void onlyTransposableMasksGainOnNmHardware() {
        BameConfiguration tile = RecordChange.of(
                RecordChange.of(BameConfiguration.defaults(), "finalFraction", 1.0),
                "transpose",
                BameConfiguration.Transpose.TILE);
        TrainingCost cost = resnet50.cost(new BameMethodFactory().costs(tile, context(ONE_OF_16)), STEPS);
        assertThat(cost.nmHardware()).isEqualTo(0.4945, FOUR_DIGITS);
        assertThat(0.6967 / cost.nmHardware()).isEqualTo(1.41, within(5e-3));
    }

    @ParameterizedTest
    @CsvSource({
        "2:4, 0.515, 0.838, 0.624, 1.34",
        "4:8, 0.515, 0.838, 0.624, 1.34",
        "1:4, 0.272, 0.757, 0.435, 1.74",
        "2:8, 0.272, 0.757, 0.435, 1.74",
        "1:8, 0.151, 0.717, 0.341, 2.10",
        "2:16, 0.151, 0.717, 0.341, 2.10",
        "1:16, 0.090, 0.697, 0.294, 2.37"
    })
    void agreesWithTheTableOfPatterns(String text, double s, double srSte, double bame, double factor) {
        NmPattern pattern = NmPattern.parse(text);
        FlopsAccount account = new FlopsAccount(ResNet50Layers.all(), pattern, 0);
        TrainingCost expectedSrSte = account.cost(SteadyCosts.maskedForward(pattern.density()), STEPS);
        TrainingCost expectedBame = bame(account, pattern, "finalFraction", 1.0);
        assertThat(expectedSrSte.test()).isEqualTo(s, within(5e-4));
        assertThat(expectedSrSte.paper()).isEqualTo(srSte, within(5e-4));
        assertThat(expectedBame.paper()).isEqualTo(bame, within(5e-4));
        assertThat(expectedSrSte.paper() / expectedBame.paper()).isEqualTo(factor, within(5e-3));
    }

    @Test
    void initialPhaseAndAdaptationArePriced() {
        // Two-thirds at (d,d,d), one third at the initial phase's cost; no dense gradients.
        double s = resnet50.testRatio(SteadyCosts.maskedForward(1.0 / 16));
        assertThat(bame(resnet50, ONE_OF_16, "adaptation", false).paper())
                .isEqualTo((s + 2) / 9 + s * 2 / 3, within(1e-9));
        assertThat(bame(resnet50, ONE_OF_16, "initPhase", BameConfiguration.InitPhase.DENSE).paper())
                .isEqualTo(1.0 / 3 + s * 2 / 3 + (1 - s) / 3 * 0.0046667, within(1e-6));
        assertThat(bame(resnet50, ONE_OF_16, "initPhase", BameConfiguration.InitPhase.RANDOM).paper())
                .isEqualTo(s + (1 - s) / 3 * 0.0046667, within(1e-6));
    }

    /** Half the steps cost this, half that; layers of two densities, each with the weight of its dense cost. */
    @Test
    void meanCostWeighsStepsAndLayers() {
        List<WeightedLayer> layers = List.of(
                new WeightedLayer("small", LayerKind.LINEAR, WeightShape.linear(10, 10), 1),
                new WeightedLayer("large", LayerKind.LINEAR, WeightShape.linear(10, 10), 3));
        FlopsAccount account = new FlopsAccount(layers, new NmPattern(1, 2), 400);
        CostModel changing = new CostModel() {
            @Override
            public CostVector at(Account any, long step) {
                return step % 2 == 0 ? new CostVector(0.5, 0.25, 1) : new CostVector(0.5, 0.75, 0);
            }

            @Override
            public double deployedDensity() {
                return 0.5;
            }
        };
        assertThat(account.meanCost(changing, Account.PAPER, 2, 6)).isEqualTo(new CostVector(0.5, 0.5, 0.5));
        assertThat(account.meanCost(changing, Account.PAPER, 2, 3)).isEqualTo(new CostVector(0.5, 0.25, 1));
        assertThat(account.trainRatio(new CostVector(0.5, 0.5, 0.5))).isEqualTo(0.75);
        assertThat(account.trainMacsPerSample(changing, Account.PAPER, 2, 2)).isZero();
        FlopsAccount erk = new FlopsAccount(
                List.of(
                        new WeightedLayer("small", LayerKind.LINEAR, WeightShape.linear(10, 10), 1),
                        new WeightedLayer("large", LayerKind.LINEAR, WeightShape.linear(100, 100), 1)),
                SparsityPattern.parse("unstructured@0.5/erk"),
                0);
        LayerCosts masked = SteadyCosts::masked;
        // Half of 10,100 weights, of which the small layer keeps all its 100.
        assertThat(erk.sparsifiedMacsPerSample()).isEqualTo(10_000);
        assertThat(erk.meanCost(masked, Account.PAPER, 0, 3).forward()).isEqualTo(0.495, within(1e-12));
        assertThat(erk.meanCost(masked, Account.NM_HARDWARE, 0, 3)).isEqualTo(CostVector.DENSE);
    }

    @Test
    void productsWithoutWeightsStayDense() {
        List<WeightedLayer> layers =
                List.of(new WeightedLayer("fc", LayerKind.LINEAR, WeightShape.linear(10, 16), 10));
        FlopsAccount account = new FlopsAccount(layers, ONE_OF_16, 1600);
        assertThat(account.forwardMacsPerSample()).isEqualTo(3200);
        assertThat(account.sparsifiedMacsPerSample()).isEqualTo(1600);
        assertThat(account.testRatio(SteadyCosts.masked(1.0 / 16))).isEqualTo(0.5 + 0.5 / 16);
        assertThat(account.trainRatio(SteadyCosts.DENSE, Account.PAPER, 7)).isEqualTo(1);
        assertThat(account.trainMacsPerSample(SteadyCosts.DENSE, Account.PAPER, 3, 5)).isEqualTo(2 * 3 * 3200.0);
    }

    @Test
    void aSecondTimeCostsAsMuchAsTheFirst() {
        TrainingCost once = new TrainingCost(0.5, 0.25, 0.75, 0.125);
        assertThat(once.times(1)).isEqualTo(once);
        assertThat(once.times(3)).isEqualTo(new TrainingCost(1.5, 0.75, 2.25, 0.125));
    }

    /** Outputs a tenth, a fifth or all of their cost: each layer is charged by its own model. */
    @Test
    void layersThatCostOtherwiseAreChargedOtherwise() {
        List<WeightedLayer> layers = List.of(
                new WeightedLayer("a", LayerKind.LINEAR, WeightShape.linear(10, 16), 1),
                new WeightedLayer("b", LayerKind.LINEAR, WeightShape.linear(20, 16), 1),
                new WeightedLayer("c", LayerKind.LINEAR, WeightShape.linear(20, 16), 1));
        CostModel byName = new CostModel() {
            @Override
            public CostVector at(Account account, long step) {
                throw new AssertionError("asked without a layer");
            }

            @Override
            public double deployedDensity() {
                throw new AssertionError("asked without a layer");
            }

            @Override
            public CostModel on(WeightedLayer layer) {
                return switch (layer.name()) {
                    case "a" -> SteadyCosts.masked(0.1);
                    case "b" -> SteadyCosts.masked(0.2);
                    default -> SteadyCosts.DENSE;
                };
            }
        };
        FlopsAccount account = new FlopsAccount(layers, ONE_OF_16, 0);
        assertThat(account.testRatio(byName)).isEqualTo((16 + 64 + 320) / 800.0, within(1e-12));
        assertThat(account.trainRatio(byName, Account.PAPER, 3)).isEqualTo((16 + 64 + 320) / 800.0, within(1e-12));
    }

    private static TrainingCost bame(FlopsAccount account, NmPattern pattern, String key, Object value) {
        BameConfiguration configuration = RecordChange.of(BameConfiguration.defaults(), key, value);
        return account.cost(new BameMethodFactory().costs(configuration, context(pattern)), STEPS);
    }

    private static MethodContext context(NmPattern pattern) {
        return new MethodContext(pattern, STEPS, STEPS_PER_EPOCH, 0.9, 1);
    }
}
