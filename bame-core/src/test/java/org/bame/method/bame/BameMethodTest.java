package org.bame.method.bame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.bame.RecordChange;
import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.bame.method.Adaptation;
import org.bame.method.FakeNetwork;
import org.bame.method.FakeNetwork.FakeLayer;
import org.bame.method.Key;
import org.bame.method.LayerStatistics;
import org.bame.method.MethodContext;
import org.bame.method.ProductPlan;
import org.bame.method.StraightThroughLayer;
import org.bame.method.TrainingMethod;
import org.bame.method.bame.BameConfiguration.InitPhase;
import org.bame.method.bame.BameConfiguration.RevivedValue;
import org.bame.sparsity.Mask;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.NmBlocks;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BameMethodTest {
    /** t_i = 40, t_f = 96, an adaptation every 4 steps. */
    private static final long STEPS = 120;

    private static final NmPattern PATTERN = new NmPattern(2, 8);
    private static final WeightShape[] SHAPES = {new WeightShape(6, 3, 3, 16), WeightShape.linear(5, 24)};
    private static final BameConfiguration CONFIGURATION = RecordChange.of(BameConfiguration.defaults(), "interval", 4);

    @ParameterizedTest
    @EnumSource(InitPhase.class)
    void keepsItsPromisesInEveryPhase(InitPhase initPhase) {
        FakeNetwork network = new FakeNetwork(STEPS, 3, SHAPES);
        BameConfiguration configuration = RecordChange.of(CONFIGURATION, "initPhase", initPhase);
        TrainingMethod method = create(configuration, PATTERN, network);
        Mask previous = null;
        int changes = 0;
        for (int step = 0; step < STEPS; step++) {
            ProductPlan plan = method.plan(0, network.now());
            long version = plan.forward() instanceof Support.Masked masked ? masked.mask().version() : 0;
            assertThat(method.plan(0, network.now())).isEqualTo(plan);
            boolean sparse = step >= 40 || initPhase.oneShot() && (step > 0
                    || initPhase != InitPhase.GRADIENT_ONE_SHOT);
            if (sparse) {
                Mask mask = ((Support.Masked) plan.forward()).mask();
                assertThat(mask.version()).isEqualTo(version);
                MaskPromise.EXACT.require(mask, PATTERN);
                assertThat(plan.inputGradient()).isEqualTo(plan.forward());
                boolean adapts = step >= 40 && step < 96 && step % 4 == 0;
                assertThat(plan.weightGradient()).as("step %d", step).isEqualTo(adapts ? Support.DENSE : plan
                        .forward());
                requireZeroOutside(network.layer(0), mask);
                changes += previous != null && previous.difference(mask) > 0 ? 1 : 0;
                if (previous != null && (step <= 40 || step > 96)) {
                    assertThat(mask.difference(previous)).isZero();
                }
                previous = mask.copy();
            }
            network.train(method);
        }
        assertThat(changes).isBetween(3, 14);
    }

    @Test
    void beforeItsStartItIsSrSte() {
        FakeNetwork network = new FakeNetwork(STEPS, 3, SHAPES);
        FakeNetwork twin = new FakeNetwork(STEPS, 3, PATTERN, SHAPES);
        TrainingMethod method = create(CONFIGURATION, PATTERN, network);
        TrainingMethod srSte = StraightThroughLayer.method("sr-ste", PATTERN, 2e-4);
        srSte.attach(twin.masked());
        for (int step = 0; step < 40; step++) {
            network.train(method);
            twin.train(srSte);
        }
        assertThat(weights(network)).isEqualTo(weights(twin));
        Mask last = mask(srSte, twin).copy();
        assertThat(mask(method, network).difference(last)).isZero();
        requireZeroOutside(network.layer(0), last);
    }

    @Test
    void recordsAdaptationsAsTheyHappened() {
        FakeNetwork network = new FakeNetwork(STEPS, 4, SHAPES);
        TrainingMethod method = create(CONFIGURATION, PATTERN, network);
        List<Adaptation> records = new ArrayList<>();
        double everActive = 0;
        for (int step = 0; step < STEPS; step++) {
            Mask before = mask(method, network).copy();
            network.train(method);
            List<Adaptation> now = method.drainAdaptations();
            if (!now.isEmpty()) {
                assertThat(now).hasSize(2);
                Adaptation first = now.getFirst();
                int flips = before.difference(mask(method, network));
                assertThat(first.layer()).isEqualTo("layer0");
                assertThat(first.step()).isEqualTo(step);
                assertThat(2 * first.swaps()).isEqualTo(flips);
                assertThat(first.flipRate()).isEqualTo((double) flips / SHAPES[0].size(), within(1e-12));
                assertThat(first.reversals()).isBetween(0, first.swaps());
                assertThat(first.everActiveShare()).isGreaterThanOrEqualTo(everActive);
                assertThat(first.elapsedNanos()).isPositive();
                // rho_0 = 0.3 of 108 blocks at most; every swap is expected to help.
                assertThat(first.swaps()).isLessThanOrEqualTo(33);
                everActive = first.everActiveShare();
            }
            records.addAll(now);
        }
        assertThat(records).hasSize(28);
        assertThat(records.stream().mapToInt(Adaptation::swaps).sum()).isPositive();
        assertThat(records.stream().mapToInt(Adaptation::reversals).sum()).isPositive();
        LayerStatistics statistics = method.statistics().getFirst();
        assertThat(statistics.density()).isEqualTo(0.25);
        assertThat(statistics.frozenShare()).isEqualTo(records.get(26).frozenShare());
    }

    @Test
    void frozenBlocksNeverChangeAndCountersNeverFall() {
        FakeNetwork network = new FakeNetwork(STEPS, 5, SHAPES);
        BameConfiguration eager = RecordChange.of(CONFIGURATION, "interval", 1);
        eager = RecordChange.of(RecordChange.of(eager, "rho0", 1.0), "budget", BameConfiguration.Budget.CONSTANT);
        BameMethod method = (BameMethod) create(eager, PATTERN, network);
        BameLayer layer = method.layers().getFirst();
        BitSet frozen = new BitSet();
        BitSet changedSinceFrozen = new BitSet();
        int[] oscillations = new int[layer.blocks()];
        for (int step = 0; step < STEPS; step++) {
            int[] frozenCounts = oscillations.clone();
            Mask before = mask(method, network).copy();
            network.train(method);
            for (int i = 0; i < SHAPES[0].size(); i++) {
                int block = i / PATTERN.m();
                if (frozen.get(block) && before.get(i) != mask(method, network).get(i)) {
                    changedSinceFrozen.set(block);
                }
            }
            for (int block = 0; block < layer.blocks(); block++) {
                int count = layer.freezing().oscillations(block);
                assertThat(count).isBetween(oscillations[block], oscillations[block] + 1);
                oscillations[block] = count;
                if (frozen.get(block)) {
                    assertThat(count).isEqualTo(frozenCounts[block]);
                }
                if (layer.changeable(block)) {
                    assertThat(frozen.get(block)).isFalse();
                } else {
                    frozen.set(block);
                }
            }
        }
        assertThat(frozen.cardinality()).isBetween(1, layer.blocks());
        assertThat(changedSinceFrozen.isEmpty()).isTrue();
        // The rule wants to have seen two, and every block starts with none.
        assertThat(frozen.stream().map(block -> oscillations[block]).min().orElseThrow()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void severalGradientsMakeOneJudgement() {
        BameConfiguration configuration = RecordChange.of(CONFIGURATION, "gradientBatches", 3);
        FakeNetwork network = new FakeNetwork(STEPS, 13, SHAPES);
        TrainingMethod method = create(configuration, PATTERN, network);
        CostModel costs = new BameMethodFactory().costs(configuration, context(PATTERN));
        FakeLayer layer = network.layer(0);
        Storage mean = Storage.allocate(ElementType.FLOAT, SHAPES[0].size());
        int swaps = 0;
        for (int step = 0; step < STEPS; step++) {
            boolean sparse = step >= 40;
            boolean adapts = sparse && step < 96 && step % 4 == 0;
            // The first adaptation has no steps of phase B before it; the last is at step 92.
            boolean dense = !sparse || step == 40 || step <= 92 && step % 4 != 1;
            assertThat(method.plan(0, network.now()).weightGradient().equals(Support.DENSE)).isEqualTo(dense);
            assertThat(costs.at(Account.CPU_EXECUTED, step).weightGradient()).isEqualTo(dense ? 1 : 0.25);
            Mask before = mask(method, network).copy();
            float[] weights = weights(network);
            double[] gradient = layer.gradientAt(method.plan(0, network.now()), network.now());
            network.train(method);
            if (!sparse) {
                continue;
            }
            requireZeroOutside(layer, mask(method, network));
            int count = step == 40 || step % 4 == 2 ? 1 : step % 4 == 3 ? 2 : 3;
            for (int i = 0; dense && i < gradient.length; i++) {
                double past = count == 1 ? 0 : mean.get(i);
                mean.set(i, past + (gradient[i] - past) / count);
            }
            if (adapts) {
                var judge = new BlockSwaps(
                        new NmBlocks(SHAPES[0], PATTERN), 1, configuration.pruneScore());
                judge.propose(storage(weights), mean, before, 0.05 * 4);
                for (int i = 0; i < weights.length; i++) {
                    if (before.get(i) != mask(method, network).get(i)) {
                        int block = i / PATTERN.m();
                        int expected = before.get(i) ? judge.pruned(block, 0) : judge.revived(block, 0);
                        assertThat(i).as("step %d, block %d", step, block).isEqualTo(expected);
                        swaps++;
                    }
                }
            }
        }
        assertThat(swaps).isGreaterThan(20);
    }

    /**
     * On a quadratic loss with curvature 1 the change by a displacement is the first order's and half its square: what is
     * measured differs from what is predicted by exactly that, so by O(eps^2) if weights and kappa are of order eps
     * (methods.md 6.5).
     */
    @Test
    void measuresWhatItPredicts() {
        BameConfiguration configuration = RecordChange.of(CONFIGURATION, "measureEvery", 2);
        configuration = RecordChange.of(configuration, "pruneScore", BameConfiguration.PruneScore.SIGNED);
        FakeNetwork network = new FakeNetwork(STEPS, 3, SHAPES);
        TrainingMethod method = create(configuration, PATTERN, network);
        float[][] stored = new float[1][];
        method.measureBy(change -> {
            assertThat(weights(network)).isEqualTo(stored[0]);
            change.make();
            double loss = network.loss();
            change.undo();
            return loss;
        });
        int measured = 0;
        for (int step = 0; step < STEPS; step++) {
            Mask before = mask(method, network).copy();
            float[] weights = weights(network);
            stored[0] = weights;
            double[] gradient = network.layer(0).gradientAt(method.plan(0, network.now()), network.now());
            network.train(method);
            for (Adaptation adaptation : method.drainAdaptations()) {
                if ((adaptation.step() - 40) / 4 % 2 != 0) {
                    assertThat(adaptation.measuredLossChange()).isNaN();
                } else if (adaptation.layer().equals("layer0")) {
                    double squares = 0;
                    for (int i = 0; i < weights.length; i++) {
                        if (before.get(i) != mask(method, network).get(i)) {
                            double displacement = before.get(i) ? -weights[i] : -0.05 * 4 * gradient[i];
                            squares += displacement * displacement;
                        }
                    }
                    assertThat(adaptation.measuredLossChange())
                            .isEqualTo(adaptation.predictedLossChange() + squares / 2, within(1e-4));
                    measured += squares > 0 ? 1 : 0;
                }
            }
        }
        assertThat(measured).isGreaterThan(4);
    }

    @Test
    void cannotMeasureWithoutLosses() {
        FakeNetwork network = new FakeNetwork(STEPS, 3, SHAPES);
        TrainingMethod method = create(RecordChange.of(CONFIGURATION, "measureEvery", 1), PATTERN, network);
        for (int step = 0; step < 40; step++) {
            network.train(method);
        }
        assertThatThrownBy(() -> network.train(method))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("measureEvery");
    }

    /** Every key says what it means and what its default rests on. */
    @Test
    void everyKeyIsDocumented() {
        assertThat(BameConfiguration.class.getRecordComponents()).allSatisfy(component -> {
            assertThat(component.getAnnotation(Key.class)).as(component.getName()).isNotNull();
            assertThat(component.getAnnotation(Key.class).value()).isNotBlank().doesNotEndWith(".");
        });
    }

    private static Storage storage(float[] values) {
        Storage storage = Storage.allocate(ElementType.FLOAT, values.length);
        for (int i = 0; i < values.length; i++) {
            storage.set(i, values[i]);
        }
        return storage;
    }

    @Test
    void withoutAdaptationTheMaskOfTheStartStays() {
        FakeNetwork network = new FakeNetwork(STEPS, 6, SHAPES);
        TrainingMethod method = create(RecordChange.of(CONFIGURATION, "adaptation", false), PATTERN, network);
        Mask atStart = null;
        for (int step = 0; step < STEPS; step++) {
            if (step == 40) {
                atStart = mask(method, network).copy();
            }
            if (step >= 40) {
                assertThat(method.plan(0, network.now()).weightGradient()).isNotEqualTo(Support.DENSE);
            }
            network.train(method);
        }
        assertThat(mask(method, network).difference(atStart)).isZero();
        assertThat(method.drainAdaptations()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(RevivedValue.class)
    void revivedWeightsStartFromTheConfiguredValueWithoutMomentum(RevivedValue revivedValue) {
        FakeNetwork network = new FakeNetwork(STEPS, 7, SHAPES);
        TrainingMethod method = create(RecordChange.of(CONFIGURATION, "revivedValue", revivedValue), PATTERN, network);
        FakeLayer layer = network.layer(0);
        for (int step = 0; step < 40; step++) {
            network.train(method);
        }
        float[] dense = weights(network);
        Mask before = mask(method, network).copy();
        network.train(method);
        Mask after = mask(method, network);
        int revived = 0;
        for (int i = 0; i < SHAPES[0].size(); i++) {
            if (after.get(i) && !before.get(i)) {
                revived++;
                double w = layer.weights().get(i);
                switch (revivedValue) {
                    case ZERO -> assertThat(w).isZero();
                    // One step of plain descent, then the optimizer's, of weight decay alone.
                    case GRADIENT_STEP -> assertThat(Math.abs(w)).isBetween(1e-6, 0.05 * 2);
                    case LAST_STORED -> assertThat(w).isEqualTo(dense[i] * (1 - 0.05 * 1e-2), within(1e-6));
                }
                assertThat(Math.abs(layer.momentum().get(i))).isLessThanOrEqualTo(1e-2 * Math.abs(dense[i]) + 1e-2
                        * 0.1);
            }
        }
        assertThat(revived).isPositive();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 17, 40, 41, 44, 45, 71, 100})
    void savedAndRestoredItContinuesBitByBit(int steps) throws IOException {
        for (InitPhase initPhase : InitPhase.values()) {
            BameConfiguration configuration = RecordChange.of(
                    RecordChange.of(CONFIGURATION, "initPhase", initPhase), "revivedValue", RevivedValue.LAST_STORED);
            configuration =
                    RecordChange.of(configuration, "blockSelection", BameConfiguration.Selection.RANDOM);
            configuration = RecordChange.of(configuration, "gradientBatches", 1 + steps % 3);
            FakeNetwork network = new FakeNetwork(STEPS, 8, SHAPES);
            TrainingMethod method = create(configuration, PATTERN, network);
            for (int step = 0; step < steps; step++) {
                network.train(method);
            }
            // As if an evaluation had come before the checkpoint, in some runs.
            if (steps % 2 == 0) {
                method.plan(0, network.now());
                method.plan(1, network.now());
            }
            TrainingMethod restored = new BameMethodFactory().create(configuration, context(PATTERN));
            FakeNetwork copy = network.moveTo(method, restored);
            for (long step = steps; step < STEPS; step++) {
                network.train(method);
                copy.train(restored);
            }
            assertThat(weights(copy)).isEqualTo(weights(network));
            assertThat(mask(restored, copy).difference(mask(method, network))).isZero();
            assertThat(restored.statistics()).isEqualTo(method.statistics());
        }
    }

    @Test
    void globalRankingAndSeveralSwapsKeepTheMasksExact() {
        BameConfiguration configuration = RecordChange.of(
                RecordChange.of(CONFIGURATION, "ranking", BameConfiguration.Ranking.GLOBAL), "swapsPerBlock", 2);
        FakeNetwork network = new FakeNetwork(STEPS, 9, SHAPES);
        TrainingMethod method = create(configuration, PATTERN, network);
        for (int step = 0; step < STEPS; step++) {
            network.train(method);
            for (int layer = 0; layer < SHAPES.length; layer++) {
                MaskPromise.EXACT.require(
                        ((Support.Masked) method.plan(layer, network.now()).forward()).mask(), PATTERN);
            }
        }
    }

    @Test
    void aDensePatternHasNothingToAdapt() {
        NmPattern dense = new NmPattern(8, 8);
        FakeNetwork network = new FakeNetwork(STEPS, 10, SHAPES);
        TrainingMethod method = create(CONFIGURATION, dense, network);
        for (int step = 0; step < STEPS; step++) {
            network.train(method);
        }
        assertThat(mask(method, network).density()).isEqualTo(1);
        assertThat(method.drainAdaptations()).isEmpty();
    }

    private static TrainingMethod create(BameConfiguration configuration, NmPattern pattern, FakeNetwork network) {
        BameMethodFactory factory = new BameMethodFactory();
        assertThat(factory.problems(configuration, context(pattern))).isEmpty();
        TrainingMethod method = factory.create(configuration, context(pattern));
        method.attach(network.masked());
        return method;
    }

    private static MethodContext context(NmPattern pattern) {
        return new MethodContext(pattern, STEPS, 10, 0.9, 11);
    }

    private static Mask mask(TrainingMethod method, FakeNetwork network) {
        return method.plan(0, network.now()).forward() instanceof Support.Masked masked
                ? masked.mask()
                : Mask.full(SHAPES[0]);
    }

    private static float[] weights(FakeNetwork network) {
        float[] weights = new float[SHAPES[0].size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) network.layer(0).weights().get(i);
        }
        return weights;
    }

    private static void requireZeroOutside(FakeLayer layer, Mask mask) {
        for (int i = 0; i < layer.shape().size(); i++) {
            if (!mask.get(i)) {
                assertThat(layer.weights().get(i)).isZero();
                assertThat(layer.momentum().get(i)).isZero();
            }
        }
    }
}
