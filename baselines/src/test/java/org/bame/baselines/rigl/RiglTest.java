package org.bame.baselines.rigl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bame.baselines.FakeNetwork;
import org.bame.baselines.ShortRun;
import org.bame.baselines.dynamic.DropAndGrow;
import org.bame.baselines.dynamic.Growth;
import org.bame.baselines.dynamic.Topologies;
import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.flops.FlopsAccount;
import org.bame.flops.WeightedLayer;
import org.bame.method.MethodContext;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.LayerKind;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.UnstructuredPattern;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RiglTest {
    private static final WeightShape SMALL = WeightShape.linear(2, 4);
    private static final float[] WEIGHTS = {5, -1, 0, 0, 0, 2, -3, 0};
    private static final WeightShape SHAPE = new WeightShape(6, 3, 3, 8);
    private static final int STEPS = 60;

    /** Four weights: -1 goes first, then 2. Of the others, weights 3 and 7 have the largest gradients. */
    @Test
    void theSmallestWeightsGiveWayToTheLargestGradients() {
        float[] gradient = {9, 2, 1, -4, 3, 5, 0, -4};
        assertThat(evolve(WEIGHTS, gradient, 0.25)).isEqualTo("1001 0110");
        // One dropped may come again: weight 5 has the largest gradient of those that do not stay.
        assertThat(evolve(WEIGHTS, gradient, 0.5)).isEqualTo("1001 0110");
        assertThat(evolve(WEIGHTS, gradient, 0.75)).isEqualTo("1001 0101");
        assertThat(evolve(WEIGHTS, gradient, 1)).isEqualTo("1001 0101");
        // 0.8 of a weight is none.
        assertThat(evolve(WEIGHTS, gradient, 0.2)).isEqualTo("1100 0110");
    }

    @Test
    void weightsThatAreZeroGoWhateverTheShare() {
        Mask mask = Mask.empty(SMALL);
        for (int i : new int[]{0, 1, 5, 6}) {
            mask.set(i, true);
        }
        float[] weights = {5, 0, 0, 0, 0, 2, -3, 0};
        float[] gradient = {0, 1, 2, 3, 4, 0, 0, 1};
        assertThat(Topologies.evolveMask(topology(Growth.GRADIENT), weights, gradient, 0, mask))
                .isEqualTo("1000 1110");
        // Without any gradient the first ones come.
        assertThat(Topologies.evolveMask(topology(Growth.GRADIENT), weights, new float[8], 0.5, mask))
                .isEqualTo("1110 0010");
    }

    /** The masks of a run, each worked out from weights and dense gradient before the step by sorting. */
    @Test
    void masksOfARunAgreeWithSorting() {
        SparsityPattern pattern = new UnstructuredPattern(108.0 / 432);
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE, pattern);
        TrainingMethod method = create(Growth.GRADIENT, network, 7);
        for (int step = 0; step < STEPS; step++) {
            Mask before = network.mask(method).copy();
            float[] weights = network.weightValues();
            double[] gradient = network.gradientAt(method);
            network.train(method);
            if (step > 0 && step < 45 && step % ShortRun.INTERVAL == 0) {
                int dropped = (int) (0.15 * (1 + Math.cos(Math.PI * step / 45)) * 108);
                List<Integer> kept = IntStream.range(0, weights.length)
                        .filter(before::get)
                        .boxed()
                        .sorted(Comparator.comparingDouble(i -> -Math.abs(weights[i])))
                        .limit(108 - dropped)
                        .toList();
                List<Integer> grown = IntStream.range(0, weights.length)
                        .boxed()
                        .filter(i -> !kept.contains(i))
                        .sorted(Comparator.comparingDouble(i -> -Math.abs((float) gradient[i])))
                        .limit(dropped)
                        .toList();
                Mask expected = Mask.empty(SHAPE);
                kept.forEach(i -> expected.set(i, true));
                grown.forEach(i -> expected.set(i, true));
                assertThat(network.mask(method).difference(expected)).isZero();
            }
            assertThat(network.mask(method).count()).isEqualTo(108);
        }
    }

    @Test
    void setGrowsWhatTheSeedAndTheStepDraw() {
        assertThat(maskOfSet(7).difference(maskOfSet(7))).isZero();
        assertThat(maskOfSet(7).difference(maskOfSet(8))).isPositive();
        assertThat(maskOfSet(7).count()).isEqualTo(108);
    }

    /** With three of four weights kept, each of the five others is as likely to come. */
    @Test
    void randomGrowthIsFair() {
        int[] counts = new int[8];
        int draws = 4000;
        for (int seed = 0; seed < draws; seed++) {
            var set = new UnstructuredTopology(layer(), new DropAndGrow(), Growth.RANDOM, seed, 0);
            String next = Topologies.evolve(set, WEIGHTS, new float[8], 0.25, Mask.empty(SMALL));
            for (int i = 0; i < 8; i++) {
                counts[i] += next.replace(" ", "").charAt(i) - '0';
            }
        }
        for (int i : new int[]{1, 2, 3, 4, 7}) {
            // Standard deviation 25.
            assertThat(counts[i]).isBetween(draws / 5 - 100, draws / 5 + 100);
        }
        assertThat(counts[0] + counts[5] + counts[6]).isEqualTo(3 * draws);
    }

    @Test
    void onlyUnstructuredPatternsFit() {
        for (Growth growth : Growth.values()) {
            RiglMethodFactory factory = new RiglMethodFactory(growth);
            assertThat(factory.supports(new UnstructuredPattern(0.1))).isTrue();
            assertThat(factory.supports(new NmPattern(1, 4))).isFalse();
            assertThat(factory.supports(SparsityPattern.parse("fan_in@0.9"))).isFalse();
            assertThat(factory.alternative(new NmPattern(1, 4))).contains("nm-rigl");
            assertThat(factory.alternative(SparsityPattern.parse("fan_in@0.9"))).isEmpty();
        }
    }

    /** Of dT + 1 steps of RigL's formula one is the update; we take it among the steps that {@code interval} counts. */
    @ParameterizedTest
    @CsvSource({"0.8, 100", "0.9, 100", "0.965, 800"})
    void costsAreRiglsFormula(double sparsity, int dT) {
        double d = 1 - sparsity;
        RiglConfiguration configuration = new RiglConfiguration(dT + 1, 0.3, 1);
        MethodContext context = new MethodContext(new UnstructuredPattern(d), 10L * (dT + 1), 100, 0.9, 1);
        CostModel costs = new RiglMethodFactory(Growth.GRADIENT).costs(configuration, context);
        double sum = 0;
        for (int step = dT + 1; step < 2 * (dT + 1); step++) {
            sum += costs.at(Account.PAPER, step).sum();
        }
        double sparse = d;
        double dense = 1;
        assertThat(sum / (dT + 1)).isEqualTo((3 * sparse * dT + 2 * sparse + dense) / (dT + 1), within(1e-12));
    }

    /**
     * RigL's published figures for ResNet-50 (methods.md 3.2), in two layers with the multiply-accumulates of its dense stem and
     * classifier, and of all others; 5x is a fifth of the figure for training five times as long.
     */
    @ParameterizedTest
    @CsvSource({"0.8, 0.23, 0.228, 0.23", "0.9, 0.13, 0.132, 0.13", "0.95, , 0.084, 0.08", "0.965, , 0.068, 0.07"})
    void costsWhatThePaperSays(double sparsity, Double once, double fiveTimes, double inference) {
        long dense = 118_013_952 + 2_048_000;
        List<WeightedLayer> layers = List.of(
                new WeightedLayer("dense", LayerKind.STEM, WeightShape.linear(1, 16), dense / 16),
                new WeightedLayer(
                        "sparse", LayerKind.CONV, WeightShape.linear(1000, 16), (4_089_184_256L - dense) / 16_000));
        UnstructuredPattern pattern = new UnstructuredPattern(1 - sparsity);
        MethodContext context = new MethodContext(pattern, 20_000, 500, 0.9, 1);
        FlopsAccount account = new FlopsAccount(layers, pattern, 0);
        CostModel costs =
                new RiglMethodFactory(Growth.GRADIENT).costs(new RiglConfiguration(100, 0.3, 1), context);
        double ratio = account.trainRatio(costs, Account.PAPER, 20_000);
        assertThat(ratio).isEqualTo(fiveTimes, within(0.05 * fiveTimes));
        if (once != null) {
            assertThat(ratio).isEqualTo(once, within(0.05 * once));
        }
        assertThat(account.testRatio(costs)).isEqualTo(inference, within(0.1 * inference));
    }

    private static String evolve(float[] weights, float[] gradient, double share) {
        return Topologies.evolve(topology(Growth.GRADIENT), weights, gradient, share, Mask.empty(SMALL));
    }

    private static UnstructuredTopology topology(Growth growth) {
        return new UnstructuredTopology(layer(), new DropAndGrow(), growth, 7, 0);
    }

    private static FakeNetwork layer() {
        return new FakeNetwork(STEPS, SMALL, new UnstructuredPattern(0.5));
    }

    private static Mask maskOfSet(long seed) {
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE, new UnstructuredPattern(108.0 / 432));
        TrainingMethod method = create(Growth.RANDOM, network, seed);
        for (int step = 0; step < STEPS; step++) {
            network.train(method);
        }
        return network.mask(method);
    }

    private static TrainingMethod create(Growth growth, FakeNetwork network, long seed) {
        MethodContext context =
                new MethodContext(network.pattern(), STEPS, FakeNetwork.STEPS_PER_EPOCH, 0.9, seed);
        TrainingMethod method =
                new RiglMethodFactory(growth).create(ShortRun.of(RiglConfiguration.defaults()), context);
        method.attach(List.of(network));
        return method;
    }
}
