package org.bame.baselines.dense2sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bame.baselines.FakeNetwork;
import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.flops.CostVector;
import org.bame.method.MethodContext;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.Mask;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GradualPruningTest {
    private static final int STEPS = 60;
    private static final WeightShape SHAPE = new WeightShape(6, 3, 3, 16);
    /** Updates at steps 12, 17, ..., 47 and 48. */
    private static final GradualPruningConfiguration CONFIGURATION = new GradualPruningConfiguration(0.2, 0.8, 5);

    /** Weights 4, -3, 2, 1 and gradients 1, 2, -4, 1: saliencies are 4, 6, 8, 1. */
    @ParameterizedTest
    @CsvSource({"magnitude, 0, 1", "saliency, 1, 2"})
    void keepsWhatScoresHighest(String name, int first, int second) {
        WeightShape shape = WeightShape.linear(1, 4);
        FakeNetwork network = new FakeNetwork(10, shape, SparsityPattern.parse("unstructured@0.5"));
        TrainingMethod method = factory(name).create(
                new GradualPruningConfiguration(0.5, 0.5, 1), context(network.pattern(), 10));
        method.attach(List.of(network));
        double[] weights = {4, -3, 2, 1};
        double[] gradients = {1, 2, -4, 1};
        for (int i = 0; i < 4; i++) {
            network.weights().set(i, weights[i]);
            network.gradient().set(i, gradients[i]);
        }
        method.transformGradients(new Step(4, 10, 5, 0.1));
        assertThat(method.plan(0, new Step(5, 10, 5, 0.1))).isEqualTo(ProductPlan.DENSE);
        method.transformGradients(new Step(5, 10, 5, 0.1));
        ProductPlan plan = method.plan(0, new Step(6, 10, 5, 0.1));
        assertThat(plan.forward()).isEqualTo(plan.inputGradient()).isEqualTo(plan.weightGradient());
        Mask mask = ((Support.Masked) plan.forward()).mask();
        for (int i = 0; i < 4; i++) {
            boolean kept = i == first || i == second;
            assertThat(mask.get(i)).isEqualTo(kept);
            assertThat(network.weights().get(i)).isEqualTo(kept ? weights[i] : 0);
            assertThat(network.gradient().get(i)).isEqualTo(kept ? gradients[i] : 0);
        }
    }

    /** By hand, of a target of 1/4: 1 - s is 1, then 1/4 + 3/4 (2/3)^3 = 17/36, 1/4 + 3/4 (1/3)^3 = 5/18, 1/4. */
    @Test
    void densityFallsByTheCubeOfWhatIsLeft() {
        SparsityPattern target = SparsityPattern.parse("unstructured@0.75");
        PruningSchedule schedule = new PruningSchedule(10, 40, 10);
        assertThat(schedule.patternBehind(10, target).isDense()).isTrue();
        assertThat(schedule.patternBehind(20, target).density()).isEqualTo(17.0 / 36, within(1e-12));
        assertThat(schedule.patternBehind(30, target).density()).isEqualTo(5.0 / 18, within(1e-12));
        assertThat(schedule.patternBehind(40, target)).isEqualTo(target);
        assertThat(List.of(0L, 10L, 15L, 20L)).allMatch(step -> schedule.patternDuring(step, target).isDense());
        assertThat(schedule.patternDuring(21, target).density()).isEqualTo(17.0 / 36, within(1e-12));
        assertThat(schedule.patternDuring(40, target).density()).isEqualTo(5.0 / 18, within(1e-12));
        assertThat(schedule.patternDuring(41, target)).isEqualTo(target);
    }

    /** 17/36 and 5/18 of 16 weights are 7.6 and 4.4. */
    @Test
    void blocksKeepARoundedNumber() {
        SparsityPattern target = SparsityPattern.parse("4:16/g2");
        PruningSchedule schedule = new PruningSchedule(10, 40, 10);
        assertThat(List.of(20L, 30L, 40L)).extracting(step -> schedule.patternBehind(step, target).toString())
                .containsExactly("8:16/g2", "4:16/g2", "4:16/g2");
    }

    @Test
    void theLastUpdateIsInTheRunWhateverTheFractions() {
        MethodContext context = context(SparsityPattern.parse("2:4"), 100);
        PruningSchedule whole = PruningSchedule.of(new GradualPruningConfiguration(0, 1, 30), context);
        assertThat(updates(whole)).containsExactly(0L, 30L, 60L, 90L, 99L);
        PruningSchedule atOnce = PruningSchedule.of(new GradualPruningConfiguration(0.5, 0.5, 30), context);
        assertThat(updates(atOnce)).containsExactly(50L);
        assertThat(atOnce.patternDuring(50, context.pattern()).isDense()).isTrue();
        assertThat(atOnce.patternDuring(51, context.pattern())).isEqualTo(context.pattern());
        assertThat(updates(PruningSchedule.of(new GradualPruningConfiguration(1, 1, 1), context))).containsExactly(99L);
    }

    @ParameterizedTest
    @CsvSource({
        "magnitude, unstructured@0.75", "saliency, unstructured@0.75", "magnitude, fan_in@0.9", "saliency, 2:8/g4",
        "magnitude, 2:8"
    })
    void whatIsPrunedStaysSoAndCostsWhatItKeeps(String name, String text) {
        SparsityPattern pattern = SparsityPattern.parse(text).perLayer(List.of(SHAPE)).getFirst();
        MethodContext context = context(pattern, STEPS);
        PruningSchedule schedule = PruningSchedule.of(CONFIGURATION, context);
        CostModel costs = factory(name).costs(CONFIGURATION, context);
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE, pattern);
        TrainingMethod method = factory(name).create(CONFIGURATION, context);
        method.attach(List.of(network));
        Mask before = Mask.full(SHAPE);
        List<Integer> counts = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            Mask mask = network.mask(method);
            SparsityPattern during = schedule.patternDuring(step, pattern);
            MaskPromise.EXACT.require(mask, during);
            Mask returned = mask.copy();
            returned.union(before);
            assertThat(returned.difference(before)).as("revived at step " + step).isZero();
            if (mask.count() < before.count()) {
                counts.add(step);
            }
            before = mask.copy();
            double density = costs.at(Account.CPU_EXECUTED, step).forward();
            assertThat(mask.density()).isEqualTo(density, within(0.5 / SHAPE.rowLength()));
            network.train(method);
            float[] weights = network.weightValues();
            for (int i = 0; i < weights.length; i++) {
                if (!network.mask(method).get(i)) {
                    assertThat(weights[i]).isZero();
                }
            }
        }
        assertThat(counts).hasSizeGreaterThan(3).allMatch(step -> schedule.updatesAt(step - 1));
        assertThat(before.density()).isEqualTo(pattern.density()).isEqualTo(costs.deployedDensity());
        assertThat(method.statistics().getFirst().everActiveShare()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"magnitude", "saliency"})
    void restoredInEachPhaseItContinuesBitByBit(String name) throws IOException {
        SparsityPattern pattern = SparsityPattern.parse("unstructured@0.75");
        for (int steps : new int[]{0, 5, 18, 24, 48, 50}) {
            FakeNetwork network = new FakeNetwork(STEPS, SHAPE, pattern);
            TrainingMethod method = factory(name).create(CONFIGURATION, context(pattern, STEPS));
            method.attach(List.of(network));
            for (int step = 0; step < steps; step++) {
                network.train(method);
            }
            TrainingMethod restored = factory(name).create(CONFIGURATION, context(pattern, STEPS));
            FakeNetwork copy = network.moveTo(method, restored);
            for (int step = steps; step < STEPS; step++) {
                network.train(method);
                copy.train(restored);
            }
            assertThat(copy.weightValues()).isEqualTo(network.weightValues());
            assertThat(restored.statistics()).isEqualTo(method.statistics());
        }
    }

    @Test
    void scoresOfZeroDoNotReviveWhatIsPruned() {
        WeightShape shape = WeightShape.linear(1, 4);
        FakeNetwork network = new FakeNetwork(20, shape, SparsityPattern.parse("unstructured@0.75"));
        TrainingMethod method = factory("saliency").create(
                new GradualPruningConfiguration(0, 0.5, 5), context(network.pattern(), 20));
        method.attach(List.of(network));
        for (int i = 0; i < 4; i++) {
            network.weights().set(i, 1);
            network.gradient().set(i, i);
        }
        // Keeps round(4 (1/4 + 3/4 / 8)) = 1 of 4: the last; then no weight has a gradient.
        method.transformGradients(new Step(5, 20, 5, 0.1));
        network.gradient().fill(0);
        method.transformGradients(new Step(10, 20, 5, 0.1));
        assertThat(network.mask(method).nextKept(0, 4)).isEqualTo(3);
    }

    @Test
    void costsAreTheDensityOfTheStepInAllThreeProducts() {
        CostModel nm = factory("magnitude").costs(CONFIGURATION, context(SparsityPattern.parse("1:4"), STEPS));
        assertThat(nm.at(Account.PAPER, 12)).isEqualTo(CostVector.DENSE);
        assertThat(nm.at(Account.PAPER, 59)).isEqualTo(new CostVector(0.25, 0.25, 0.25));
        assertThat(nm.at(Account.CPU_EXECUTED, 59)).isEqualTo(new CostVector(0.25, 0.25, 0.25));
        assertThat(nm.at(Account.NM_HARDWARE, 59)).isEqualTo(new CostVector(0.25, 1, 1));
        CostModel unstructured =
                factory("magnitude").costs(CONFIGURATION, context(SparsityPattern.parse("unstructured@0.75"), STEPS));
        assertThat(unstructured.at(Account.PAPER, 59)).isEqualTo(new CostVector(0.25, 0.25, 0.25));
        assertThat(unstructured.at(Account.NM_HARDWARE, 59)).isEqualTo(CostVector.DENSE);
    }

    @Test
    void refusesWhatCannotBe() {
        MethodContext context = context(SparsityPattern.parse("2:4"), STEPS);
        assertThat(factory("magnitude").problems(new GradualPruningConfiguration(-0.1, 1.1, 0), context))
                .containsExactly(
                        "startFraction is -0.1, expected 0 to 1",
                        "endFraction is 1.1, expected startFraction (-0.1) to 1",
                        "interval is 0, expected at least 1 step");
        assertThat(factory("saliency").problems(new GradualPruningConfiguration(0.5, 0.4, 1), context)).hasSize(1);
        assertThat(factory("saliency").problems(new GradualPruningConfiguration(Double.NaN, 1, 1), context)).hasSize(2);
    }

    private static List<Long> updates(PruningSchedule schedule) {
        List<Long> updates = new ArrayList<>();
        for (long step = 0; step < 100; step++) {
            if (schedule.updatesAt(step)) {
                updates.add(step);
            }
        }
        return updates;
    }

    private static GradualPruningMethodFactory factory(String name) {
        return name.equals("magnitude")
                ? GradualPruningMethodFactory.magnitude()
                : GradualPruningMethodFactory.saliency();
    }

    private static MethodContext context(SparsityPattern pattern, long steps) {
        return new MethodContext(pattern, steps, FakeNetwork.STEPS_PER_EPOCH, 0.9, 7);
    }
}
