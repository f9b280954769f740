package org.bame.baselines.rigl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bame.baselines.FakeNetwork;
import org.bame.baselines.ShortRun;
import org.bame.baselines.dynamic.Topology;
import org.bame.baselines.rigl.NmRiglConfiguration.Gain;
import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.bame.method.Adaptation;
import org.bame.method.LayerStatistics;
import org.bame.method.MethodContext;
import org.bame.method.ProductPlan;
import org.bame.method.TrainingMethod;
import org.bame.method.bame.BameConfiguration.PruneScore;
import org.bame.method.bame.LossAwareMaskAdaption;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmBlocks;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.NmSelection;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NmRiglTest {
    private static final NmPattern PATTERN = new NmPattern(1, 4);
    private static final WeightShape SHAPE = new WeightShape(6, 3, 3, 8);
    private static final int STEPS = 60;
    /** T_end = 0.75 of 60 steps. */
    private static final int END = 45;

    /**
     * Four blocks of 1:4 in one row. Gradients of the best pruned weights: 5 in block 0 (where the weight that is dropped has
     * 4), 3 in block 1 (0), 4 in block 2 (1), 0 in block 3.
     */
    private static final float[] WEIGHTS = {0, 9, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 7};
    private static final float[] GRADIENT = {1, 4, -5, 2, 0, 1, 3, -3, -4, 4, 1, 2, 0, 0, 0, 6};

    @Test
    void swapsInTheBlocksWhoseGrownWeightHasTheLargestGradient() {
        assertThat(evolved("1:4", Gain.GROWN, 1, 0.25)).isEqualTo("0010 1000 0010 0001");
        assertThat(evolved("1:4", Gain.GROWN, 1, 0.26)).isEqualTo("0010 1000 1000 0001");
        // The last block's pruned weights have no gradient at all.
        assertThat(evolved("1:4", Gain.GROWN, 1, 1)).isEqualTo("0010 0010 1000 0001");
    }

    /** Squares: 25 - 16 = 9 in block 0, 9 in block 1, 16 - 1 = 15 in block 2; of equal gains the lower block is first. */
    @Test
    void orWhereItsGradientExceedsTheDroppedOnesMost() {
        assertThat(evolved("1:4", Gain.DIFFERENCE, 1, 0.25)).isEqualTo("0100 1000 1000 0001");
        assertThat(evolved("1:4", Gain.DIFFERENCE, 1, 0.5)).isEqualTo("0010 1000 1000 0001");
    }

    /**
     * Two rows that share positions, two columns of 2:4 each kept. Sums of |w| over rows: 5 and 2 in block 0, 1 and 3 in
     * block 1; of g^2 of the pruned: 2 and 8 in block 0, 13 and 9 in block 1.
     */
    @Test
    void columnsOfSharedPositionsCompeteBySums() {
        float[] weights = {4, -1, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 3};
        float[] gradient = {9, 9, 1, 2, 3, 9, 0, 9, 9, 9, 1, 2, 2, 9, 3, 9};
        NmPattern pattern = NmPattern.parse("2:4/g2");
        WeightShape shape = WeightShape.linear(2, 8);
        Mask mask = Mask.empty(shape, 2);
        for (int i : new int[]{0, 1, 5, 7}) {
            mask.set(i, true);
        }
        BlockTopology one = topology(pattern, shape, Gain.GROWN, 1);
        assertThat(evolve(one, shape, weights, gradient, mask, 0.5)).isEqualTo("1100 1001 1100 1001");
        assertThat(evolve(one, shape, weights, gradient, mask, 1)).isEqualTo("1001 1001 1001 1001");
        BlockTopology two = topology(pattern, shape, Gain.GROWN, 2);
        assertThat(evolve(two, shape, weights, gradient, mask, 0.5)).isEqualTo("1100 1010 1100 1010");
    }

    /** The blocks are those that BAME without its freezing would change if it looked ever further ahead. */
    @Test
    void ranksAsBameDoesWhenItLooksFarAhead() {
        SplittableRandom random = new SplittableRandom(5);
        NmPattern pattern = new NmPattern(2, 8);
        Mask mask = Mask.empty(SHAPE);
        new NmSelection(pattern).selectRandom(random, mask);
        Storage weights = Storage.allocate(ElementType.FLOAT, SHAPE.size());
        Storage gradient = Storage.allocate(ElementType.FLOAT, SHAPE.size());
        for (int i = 0; i < SHAPE.size(); i++) {
            weights.set(i, mask.get(i) ? random.nextGaussian() : 0);
            gradient.set(i, random.nextGaussian());
        }
        NmBlocks blocks = new NmBlocks(SHAPE, pattern);
        LossAwareMaskAdaption bame = new LossAwareMaskAdaption(blocks, 1, PruneScore.MAGNITUDE);
        bame.propose(weights, gradient, mask, 1e12);
        List<Integer> best = IntStream.range(0, blocks.count())
                .boxed()
                .sorted((a, b) -> Double.compare(bame.lossReduction(b), bame.lossReduction(a)))
                .limit(11)
                .toList();
        Mask expected = mask.copy();
        for (int block : best) {
            expected.set(bame.pruned(block, 0), false);
            expected.set(bame.revived(block, 0), true);
        }
        Mask next = mask.copy();
        topology(pattern, SHAPE, Gain.GROWN, 1)
                .evolve(new Topology.Update(7, 10.5 / blocks.count(), weights, gradient, mask), next);
        assertThat(next.difference(expected)).isZero();
        assertThat(next.difference(mask)).isEqualTo(22);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1:4", "2:4", "1:4/g4"})
    void onlyUpdatesComputeDenseGradientsAndOnlyTheyChangeTheMask(String text) {
        NmPattern pattern = NmPattern.parse(text);
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
        TrainingMethod method = create(pattern, network);
        CostModel costs = costs(pattern);
        for (int step = 0; step < STEPS; step++) {
            boolean updates = step > 0 && step < END && step % ShortRun.INTERVAL == 0;
            ProductPlan plan = method.plan(0, network.now());
            assertThat(plan.inputGradient()).isEqualTo(plan.forward());
            assertThat(plan.weightGradient()).isEqualTo(updates ? Support.DENSE : plan.forward());
            double d = pattern.density();
            assertThat(costs.at(Account.PAPER, step).sum()).isEqualTo(2 * d + (updates ? 1 : d));
            assertThat(costs.at(Account.CPU_EXECUTED, step)).isEqualTo(costs.at(Account.PAPER, step));
            assertThat(costs.at(Account.NM_HARDWARE, step).sum()).isEqualTo(d + 2);
            Mask before = network.mask(method).copy();
            float[] held = network.weightValues();
            network.train(method);
            Mask after = network.mask(method);
            NmSelection.requireExactlyN(after, pattern);
            assertThat(after.difference(before) > 0).isEqualTo(updates);
            float[] weights = network.weightValues();
            for (int i = 0; i < weights.length; i++) {
                if (!after.get(i)) {
                    assertThat(weights[i]).isZero();
                } else if (!before.get(i)) {
                    // Value, gradient and momentum are all 0 until the next step.
                    assertThat(weights[i]).isZero();
                    assertThat(network.momentumOf(i)).isZero();
                } else {
                    assertThat(weights[i]).isNotEqualTo(held[i]);
                }
            }
        }
    }

    @Test
    void updatesAreReported() {
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
        TrainingMethod method = create(PATTERN, network);
        List<Adaptation> records = List.of();
        Mask everActive = Mask.empty(SHAPE);
        int reversals = 0;
        for (int step = 0; step < STEPS; step++) {
            Mask before = network.mask(method).copy();
            everActive.union(before);
            network.train(method);
            records = method.drainAdaptations();
            Mask after = network.mask(method);
            if (after.difference(before) == 0) {
                assertThat(records).isEmpty();
                continue;
            }
            int returned = 0;
            for (int i = 0; i < SHAPE.size(); i++) {
                returned += after.get(i) && !before.get(i) && everActive.get(i) ? 1 : 0;
            }
            reversals += returned;
            everActive.union(after);
            Adaptation update = records.getFirst();
            assertThat(records).hasSize(1);
            // Every swap is of one block: ceil of the share of 108 blocks.
            double share = 0.15 * (1 + Math.cos(Math.PI * step / END));
            assertThat(update.swaps()).isEqualTo((int) Math.ceil(share * 108));
            assertThat(update.swaps()).isEqualTo(after.difference(before) / 2);
            assertThat(update.step()).isEqualTo(step);
            assertThat(update.reversals()).isEqualTo(returned);
            assertThat(update.flipRate()).isEqualTo(after.difference(before) / 432.0);
            assertThat(update.everActiveShare()).isEqualTo(everActive.density());
            assertThat(update.elapsedNanos()).isPositive();
        }
        assertThat(reversals).isPositive();
        LayerStatistics statistics = method.statistics().getFirst();
        assertThat(statistics.maskUpdates()).isEqualTo(6);
        assertThat(statistics.density()).isEqualTo(0.25);
        assertThat(statistics.everActiveShare()).isEqualTo(everActive.density());
        assertThat(statistics.flipRate()).isGreaterThan(0);
    }

    /** One block of 1:4: the loss is expected to change by {@code -g w} of the one weight that goes. */
    @Test
    void predictsTheChangeByWhatIsDropped() {
        FakeNetwork network = new FakeNetwork(STEPS, WeightShape.linear(1, 4));
        TrainingMethod method = create(PATTERN, network);
        for (int step = 0; step < ShortRun.INTERVAL; step++) {
            network.train(method);
        }
        Mask before = network.mask(method).copy();
        float weight = network.weightValues()[before.nextKept(0, 4)];
        double gradient = network.gradientAt(method)[before.nextKept(0, 4)];
        network.train(method);
        assertThat(method.drainAdaptations().getFirst().predictedLossChange())
                .isEqualTo(-weight * gradient, within(1e-9));
    }

    @Test
    void aDensePatternHasNothingToExchange() {
        NmPattern dense = new NmPattern(4, 4);
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
        TrainingMethod method = create(dense, network);
        for (int step = 0; step < STEPS; step++) {
            network.train(method);
        }
        assertThat(network.mask(method).density()).isEqualTo(1);
        assertThat(method.drainAdaptations()).isEmpty();
    }

    @Test
    void divergedTrainingIsAnError() {
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
        TrainingMethod method = create(PATTERN, network);
        for (int step = 0; step < ShortRun.INTERVAL; step++) {
            network.train(method);
        }
        network.weights().set(network.mask(method).nextKept(0, SHAPE.size()), Double.NaN);
        assertThatThrownBy(() -> network.train(method))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("training diverged");
    }

    @Test
    void namesKeysOfBadValues() {
        NmRiglConfiguration bad = new NmRiglConfiguration(0, 1.5, -1, 2, Gain.GROWN);
        assertThat(new NmRiglMethodFactory().problems(bad, context(PATTERN)))
                .containsExactly(
                        "interval is 0, expected at least 1 step",
                        "alpha is 1.5, expected above 0, at most 1",
                        "endFraction is -1.0, expected 0 (the first mask stays) to 1",
                        "swapsPerBlock is 2, expected 1 to 1 = min(N, M - N) for pattern 1:4");
        assertThat(new NmRiglMethodFactory().problems(NmRiglConfiguration.defaults(), context(PATTERN)))
                .singleElement()
                .asString()
                .startsWith("interval is 100 steps, but masks change only before step 45 (endFraction)");
    }

    private static String evolved(String text, Gain gain, int swaps, double share) {
        WeightShape shape = WeightShape.linear(1, 16);
        Mask mask = Mask.empty(shape);
        for (int i = 0; i < 16; i++) {
            mask.set(i, WEIGHTS[i] != 0);
        }
        return evolve(topology(NmPattern.parse(text), shape, gain, swaps), shape, WEIGHTS, GRADIENT, mask, share);
    }

    private static String evolve(
            BlockTopology topology, WeightShape shape, float[] weights, float[] gradient, Mask mask, double share) {
        Mask next = mask.copy();
        topology.evolve(new Topology.Update(7, share, storage(weights), storage(gradient), mask), next);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < shape.size(); i++) {
            text.append(i > 0 && i % 4 == 0 ? " " : "").append(next.get(i) ? 1 : 0);
        }
        return text.toString();
    }

    private static BlockTopology topology(NmPattern pattern, WeightShape shape, Gain gain, int swaps) {
        NmRiglConfiguration configuration = new NmRiglConfiguration(7, 0.3, 0.75, swaps, gain);
        return new BlockTopology(
                new NmBlocks(shape, pattern), new NmSelection(pattern), new SplittableRandom(1), configuration);
    }

    private static Storage storage(float[] values) {
        Storage storage = Storage.allocate(ElementType.FLOAT, values.length);
        for (int i = 0; i < values.length; i++) {
            storage.set(i, values[i]);
        }
        return storage;
    }

    private static TrainingMethod create(NmPattern pattern, FakeNetwork network) {
        TrainingMethod method =
                new NmRiglMethodFactory().create(ShortRun.of(NmRiglConfiguration.defaults()), context(pattern));
        method.attach(List.of(network));
        return method;
    }

    private static CostModel costs(NmPattern pattern) {
        return new NmRiglMethodFactory().costs(ShortRun.of(NmRiglConfiguration.defaults()), context(pattern));
    }

    private static MethodContext context(NmPattern pattern) {
        return new MethodContext(pattern, STEPS, FakeNetwork.STEPS_PER_EPOCH, 0.9, 7);
    }
}
