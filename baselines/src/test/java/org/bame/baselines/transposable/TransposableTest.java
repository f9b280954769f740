package org.bame.baselines.transposable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import org.bame.baselines.FakeNetwork;
import org.bame.baselines.transposable.TransposableConfiguration.Layout;
import org.bame.baselines.transposable.TransposableConfiguration.Solver;
import org.bame.baselines.transposable.TransposableConfiguration.Variant;
import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.flops.CostVector;
import org.bame.flops.FlopsAccount;
import org.bame.flops.WeightedLayer;
import org.bame.method.LayerRandom;
import org.bame.method.LayerStatistics;
import org.bame.method.MethodContext;
import org.bame.method.PlanPromise;
import org.bame.method.ProductPlan;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.LayerKind;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.Support;
import org.bame.sparsity.TileLayout;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransposableTest {
    private static final int STEPS = 100;
    private static final TransposableMethodFactory FACTORY = new TransposableMethodFactory();

    /** For 2 x 2 tiles with N = 1: two outputs, two kernel positions, four inputs. */
    private static final WeightShape SMALL = new WeightShape(2, 1, 2, 4);

    private static final NmPattern ONE_OF_TWO = new NmPattern(1, 2);

    @ParameterizedTest
    @CsvSource({"GREEDY, TILE", "EXACT, TILE", "GREEDY, TNM_REPO_COMPAT", "EXACT, TNM_REPO_COMPAT"})
    void dynamicTrainsAsThePaperSays(Solver solver, Layout layout) {
        TransposableConfiguration configuration =
                new TransposableConfiguration(Variant.DYNAMIC, solver, 40, layout);
        float[] expected = reference(configuration);
        assertThat(run(configuration)).isEqualTo(expected);
        // Solver and layout matter here.
        Layout other = layout == Layout.TILE ? Layout.TNM_REPO_COMPAT : Layout.TILE;
        assertThat(reference(new TransposableConfiguration(Variant.DYNAMIC, solver, 40, other))).isNotEqualTo(expected);
        Solver rival = solver == Solver.GREEDY ? Solver.EXACT : Solver.GREEDY;
        assertThat(reference(new TransposableConfiguration(Variant.DYNAMIC, rival, 40, layout))).isNotEqualTo(expected);
    }

    @Test
    void staticTrainsDenseThenPrunesAndTrainsTheRest() {
        TransposableConfiguration configuration =
                new TransposableConfiguration(Variant.STATIC, Solver.PUBLISHED, 40, Layout.TILE);
        assertThat(run(configuration)).isEqualTo(reference(configuration)).contains(0f);
    }

    /** methods.md 5.5 for 2 x 2 tiles, on the loss and optimizer of {@link FakeNetwork}, in its precision. */
    private static float[] reference(TransposableConfiguration configuration) {
        boolean fixed = configuration.variant() == Variant.STATIC;
        boolean exact = fixed || configuration.solver() == Solver.EXACT;
        float[] w = new FakeNetwork(STEPS, SMALL).weightValues();
        float[] momentum = new float[w.length];
        boolean[] kept = new boolean[w.length];
        for (int step = 0; step < STEPS; step++) {
            if (fixed ? step == STEPS / 2 : step % 40 == 0) {
                // A tile's four weights; position 0 holds inputs 0 to 3, position 1 the others.
                for (int tile = 0; tile < 4; tile++) {
                    boolean outputs = configuration.layout() == Layout.TILE;
                    int a = outputs ? 2 * tile : 4 * tile;
                    int c = outputs ? a + 8 : a + 2;
                    choose(w, kept, a, a + 1, c, c + 1, exact);
                }
            }
            boolean sparse = !fixed || step >= STEPS / 2;
            for (int i = 0; fixed && step == STEPS / 2 && i < w.length; i++) {
                w[i] = kept[i] ? w[i] : 0;
                momentum[i] = kept[i] ? momentum[i] : 0;
            }
            var jitter = LayerRandom.of(4, 5, step);
            for (int i = 0; i < w.length; i++) {
                boolean used = kept[i] || !sparse;
                float g = (float) ((used ? w[i] : 0) - (jitter.nextDouble() - 0.5) / 10);
                g = used || !fixed ? g : 0;
                momentum[i] = (float) (0.9 * momentum[i] + g + 1e-2 * w[i]);
                w[i] = (float) (w[i] - 0.05 * momentum[i]);
            }
        }
        return w;
    }

    /** Tile (a b; c d) keeps a and d, or b and c. */
    private static void choose(float[] w, boolean[] kept, int a, int b, int c, int d, boolean exact) {
        double falling = value(w[a], w[d], exact);
        double rising = value(w[b], w[c], exact);
        kept[a] = falling > rising;
        kept[d] = kept[a];
        kept[b] = !kept[a];
        kept[c] = !kept[a];
    }

    private static double value(float one, float other, boolean exact) {
        double x = Math.abs(one);
        double y = Math.abs(other);
        return exact ? x + y : Math.max(x, y);
    }

    private static float[] run(TransposableConfiguration configuration) {
        TrainingMethod method = FACTORY.create(configuration, context(ONE_OF_TWO));
        FakeNetwork network = new FakeNetwork(STEPS, SMALL);
        method.attach(List.of(network));
        for (int step = 0; step < STEPS; step++) {
            network.train(method);
        }
        return network.weightValues();
    }

    @ParameterizedTest
    @EnumSource(Variant.class)
    void rowsAndColumnsKeepNAfterEveryStep(Variant variant) {
        NmPattern pattern = new NmPattern(2, 4);
        for (Layout layout : Layout.values()) {
            for (int outputs : new int[]{4, 8, 10}) {
                TransposableConfiguration configuration =
                        new TransposableConfiguration(variant, Solver.PUBLISHED, 7, layout);
                TrainingMethod method = FACTORY.create(configuration, context(pattern));
                FakeNetwork network = new FakeNetwork(STEPS, new WeightShape(outputs, 3, 3, 8));
                method.attach(List.of(network));
                for (int step = 0; step < STEPS; step++) {
                    Mask mask = network.mask(method);
                    if (variant == Variant.STATIC && step < STEPS / 2) {
                        assertThat(mask.density()).isEqualTo(1);
                    } else {
                        PlanPromise promise = method.promise(0, network.now());
                        promise.require(method.plan(0, network.now()), pattern);
                        assertThat(promise.inputGradient().isPresent()).isEqualTo(layout == Layout.TILE);
                        requireColumns(mask, layout == Layout.TILE ? 72 : 4);
                        assertThat(mask.density()).isEqualTo(0.5);
                    }
                    network.train(method);
                }
            }
        }
    }

    /** At most 2 of each 4 weights that lie {@code stride} apart. */
    private static void requireColumns(Mask mask, int stride) {
        int size = mask.shape().size();
        for (int first = 0; first < size; first += 4 * stride) {
            for (int column = first; column < first + stride; column++) {
                int kept = 0;
                for (int i = column; i < Math.min(first + 4 * stride, size); i += stride) {
                    kept += mask.get(i) ? 1 : 0;
                }
                assertThat(kept).isLessThanOrEqualTo(2);
            }
        }
    }

    @Test
    void aMaskStaysForAnIntervalWhoeverAsks() {
        TransposableConfiguration configuration =
                new TransposableConfiguration(Variant.DYNAMIC, Solver.GREEDY, 10, Layout.TILE);
        TrainingMethod method = FACTORY.create(configuration, context(new NmPattern(1, 4)));
        FakeNetwork network = new FakeNetwork(STEPS, new WeightShape(8, 3, 3, 8));
        method.attach(List.of(network));
        Mask previous = null;
        int changes = 0;
        for (int step = 0; step < 35; step++) {
            Mask mask = network.mask(method);
            assertThat(method.plan(0, network.now()).weightGradient()).isEqualTo(Support.DENSE);
            if (previous != null && mask.difference(previous) > 0) {
                assertThat(step % 10).isZero();
                changes++;
            }
            previous = mask.copy();
            var asked = network.now();
            network.train(method);
            // As before an evaluation: the step that was taken, the weights behind it.
            method.plan(0, asked);
            assertThat(mask.difference(previous)).isZero();
        }
        assertThat(changes).isEqualTo(3);
        LayerStatistics statistics = method.statistics().getFirst();
        assertThat(statistics.maskUpdates()).isEqualTo(3);
        assertThat(statistics.flipRate()).isBetween(0.001, 0.5);
        assertThat(statistics.everActiveShare()).isBetween(0.25, 1.0);
        assertThat(statistics.density()).isEqualTo(0.25);
    }

    @Test
    void staticSkipsPrunedWeightsInAllProducts() {
        TransposableConfiguration configuration =
                new TransposableConfiguration(Variant.STATIC, Solver.GREEDY, 40, Layout.TILE);
        TrainingMethod method = FACTORY.create(configuration, context(ONE_OF_TWO));
        FakeNetwork network = new FakeNetwork(STEPS, SMALL);
        method.attach(List.of(network));
        for (int step = 0; step < STEPS / 2; step++) {
            assertThat(method.plan(0, network.now())).isEqualTo(ProductPlan.DENSE);
            network.train(method);
        }
        assertThat(method.statistics().getFirst().frozenShare()).isZero();
        ProductPlan plan = method.plan(0, network.now());
        assertThat(plan.weightGradient()).isEqualTo(plan.forward()).isEqualTo(plan.inputGradient());
        assertThat(method.statistics().getFirst().frozenShare()).isEqualTo(1);
        assertThat(FACTORY.cycles(configuration)).isEqualTo(2);
        assertThat(FACTORY.cycles(FACTORY.defaults())).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Variant.class)
    void restoredRunsContinueBitByBit(Variant variant) throws IOException {
        TransposableConfiguration configuration =
                new TransposableConfiguration(variant, Solver.GREEDY, 15, Layout.TILE);
        for (int steps : new int[]{0, 14, 15, 16, 49, 50, 51, 80}) {
            for (boolean evaluated : new boolean[]{false, true}) {
                TrainingMethod method = FACTORY.create(configuration, context(ONE_OF_TWO));
                FakeNetwork network = new FakeNetwork(STEPS, SMALL);
                method.attach(List.of(network));
                for (int step = 0; step < steps; step++) {
                    network.train(method);
                }
                if (evaluated) {
                    method.plan(0, network.now());
                }
                TrainingMethod restored = FACTORY.create(configuration, context(ONE_OF_TWO));
                FakeNetwork copy = network.moveTo(method, restored);
                for (int step = steps; step < STEPS; step++) {
                    network.train(method);
                    copy.train(restored);
                }
                assertThat(copy.weightValues()).isEqualTo(network.weightValues());
                assertThat(restored.statistics()).isEqualTo(method.statistics());
            }
        }
    }

    @Test
    void costsAreThoseOfThePaper() {
        CostModel tile = costs(Variant.DYNAMIC, Layout.TILE);
        CostModel compat = costs(Variant.DYNAMIC, Layout.TNM_REPO_COMPAT);
        for (Account account : Account.values()) {
            assertThat(tile.at(account, 3)).isEqualTo(new CostVector(0.25, 0.25, 1));
        }
        assertThat(compat.at(Account.PAPER, 3)).isEqualTo(new CostVector(0.25, 0.25, 1));
        assertThat(compat.at(Account.NM_HARDWARE, 3)).isEqualTo(new CostVector(0.25, 1, 1));
        assertThat(tile.deployedDensity()).isEqualTo(0.25);
        // methods.md 3.1: (2 s + 1) / 3, here with s = d.
        FlopsAccount account = new FlopsAccount(
                List.of(new WeightedLayer("layer", LayerKind.CONV1X1, WeightShape.linear(8, 8), 1)), new NmPattern(1,
                        4), 0);
        assertThat(account.trainRatio(tile, Account.PAPER, STEPS)).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void staticCostsADenseTrainingFirst() {
        for (Layout layout : Layout.values()) {
            CostModel costs = costs(Variant.STATIC, layout);
            for (Account account : Account.values()) {
                assertThat(costs.at(account, STEPS / 2 - 1)).isEqualTo(CostVector.DENSE);
            }
            double hardware = layout == Layout.TILE ? 0.25 : 1;
            assertThat(costs.at(Account.PAPER, STEPS / 2)).isEqualTo(new CostVector(0.25, 0.25, 1));
            assertThat(costs.at(Account.CPU_EXECUTED, STEPS / 2)).isEqualTo(new CostVector(0.25, 0.25, 0.25));
            assertThat(costs.at(Account.NM_HARDWARE, STEPS / 2)).isEqualTo(new CostVector(0.25, hardware, 1));
        }
    }

    private static CostModel costs(Variant variant, Layout layout) {
        return FACTORY.costs(
                new TransposableConfiguration(variant, Solver.PUBLISHED, 40, layout), context(new NmPattern(1, 4)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -40})
    void intervalMustBeAStepAtLeast(int interval) {
        assertThat(FACTORY.problems(
                new TransposableConfiguration(Variant.DYNAMIC, Solver.EXACT, interval, Layout.TILE), context(
                        ONE_OF_TWO)))
                .containsExactly("refreshInterval is " + interval + ", expected at least 1 step");
    }

    @Test
    void rowGroupsAreRefused() {
        assertThat(FACTORY.problems(FACTORY.defaults(), context(NmPattern.parse("2:8/g4"))))
                .containsExactly(
                        "pattern is 2:8/g4, expected one without row groups, as 2:8: outputs that keep the same"
                                + " positions leave more than N weights in a column of a tile");
        assertThat(FACTORY.problems(FACTORY.defaults(), context(new NmPattern(2, 8)))).isEmpty();
    }

    @Test
    void publishedSolversAreGreedyAndExact() {
        assertThat(FACTORY.defaults().chosenSolver()).isEqualTo(Solver.GREEDY);
        assertThat(new TransposableConfiguration(Variant.STATIC, Solver.PUBLISHED, 40, Layout.TILE).chosenSolver())
                .isEqualTo(Solver.EXACT);
        assertThat(Layout.TILE.tiles()).isEqualTo(TileLayout.OUTPUTS_BY_INPUTS);
    }

    private static MethodContext context(NmPattern pattern) {
        return new MethodContext(pattern, STEPS, FakeNetwork.STEPS_PER_EPOCH, 0.9, 7);
    }
}
