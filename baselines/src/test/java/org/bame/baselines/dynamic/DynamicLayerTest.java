package org.bame.baselines.dynamic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.bame.baselines.Baselines;
import org.bame.baselines.FakeNetwork;
import org.bame.baselines.ShortRun;
import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.method.Adaptation;
import org.bame.method.LayerStatistics;
import org.bame.method.MethodContext;
import org.bame.method.MethodFactory;
import org.bame.method.MethodPhase;
import org.bame.method.ProductPlan;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What all dynamic methods have in common. */
class DynamicLayerTest {
    private static final WeightShape SHAPE = new WeightShape(6, 3, 3, 8);
    private static final int STEPS = 60;
    /** T_end = 0.75 of 60 steps. */
    private static final int END = 45;

    static Stream<Arguments> methodsAndPatterns() {
        return Stream.of(
                Arguments.of("rigl", "unstructured@0.75"),
                Arguments.of("set", "unstructured@0.75"),
                Arguments.of("nm-rigl", "1:4"),
                Arguments.of("nm-rigl", "2:4"),
                Arguments.of("nm-rigl", "1:4/g4"),
                Arguments.of("srigl", "fan_in@0.75"),
                Arguments.of("hrbp", "unstructured@0.75"));
    }

    @ParameterizedTest
    @MethodSource("methodsAndPatterns")
    void onlyUpdatesChangeTheMask(String name, String text) {
        SparsityPattern pattern = pattern(text);
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE, pattern);
        TrainingMethod method = create(factory(name), network);
        CostModel costs = costs(factory(name), pattern);
        double d = pattern.density();
        int changes = 0;
        for (int step = 0; step < STEPS; step++) {
            boolean updates = step > 0 && step < END && step % ShortRun.INTERVAL == 0;
            boolean dense = updates && !name.equals("set");
            ProductPlan plan = method.plan(0, network.now());
            assertThat(plan.inputGradient()).isEqualTo(plan.forward());
            assertThat(plan.weightGradient()).isEqualTo(dense ? Support.DENSE : plan.forward());
            assertThat(costs.at(Account.PAPER, step).sum()).isEqualTo(2 * d + (dense ? 1 : d));
            assertThat(costs.at(Account.CPU_EXECUTED, step)).isEqualTo(costs.at(Account.PAPER, step));
            assertThat(costs.at(Account.NM_HARDWARE, step).sum()).isEqualTo(pattern instanceof NmPattern ? d + 2 : 3);
            Mask before = network.mask(method).copy();
            float[] held = network.weightValues();
            double[] gradient = network.gradientAt(method);
            network.train(method);
            Mask after = network.mask(method);
            if (!updates) {
                assertThat(after.difference(before)).isZero();
            }
            changes += after.difference(before) > 0 ? 1 : 0;
            float[] weights = network.weightValues();
            for (int i = 0; i < weights.length; i++) {
                if (after.get(i) && before.get(i)) {
                    assertThat(network.gradient().get(i)).isEqualTo((float) gradient[i]);
                    assertThat(weights[i]).isNotEqualTo(held[i]);
                } else {
                    // New ones too: value, gradient and momentum are all 0 until the next step.
                    assertThat(network.gradient().get(i)).isZero();
                    assertThat(weights[i]).isZero();
                    assertThat(network.momentumOf(i)).isZero();
                }
            }
        }
        assertThat(changes).isGreaterThan(1);
    }

    @ParameterizedTest
    @MethodSource("methodsAndPatterns")
    void updatesAreReported(String name, String text) {
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE, pattern(text));
        TrainingMethod method = create(factory(name), network);
        Mask everActive = Mask.empty(SHAPE);
        int reversals = 0;
        int flips = 0;
        for (int step = 0; step < STEPS; step++) {
            Mask before = network.mask(method).copy();
            everActive.union(before);
            float[] weights = network.weightValues();
            double[] gradient = network.gradientAt(method);
            network.train(method);
            Mask after = network.mask(method);
            int dropped = 0;
            int grown = 0;
            int returned = 0;
            double predicted = 0;
            for (int i = 0; i < SHAPE.size(); i++) {
                if (before.get(i) && !after.get(i)) {
                    dropped++;
                    predicted -= weights[i] * gradient[i];
                }
                if (after.get(i) && !before.get(i)) {
                    grown++;
                    returned += everActive.get(i) ? 1 : 0;
                }
            }
            everActive.union(after);
            reversals += returned;
            flips += dropped + grown;
            List<Adaptation> records = method.drainAdaptations();
            assertThat(method.drainAdaptations()).isEmpty();
            if (step == 0 || step >= END || step % ShortRun.INTERVAL != 0) {
                assertThat(records).isEmpty();
                continue;
            }
            Adaptation update = records.getFirst();
            assertThat(records).hasSize(1);
            assertThat(update.layer()).isEqualTo(network.name());
            assertThat(update.step()).isEqualTo(step);
            assertThat(update.swaps()).isEqualTo(Math.min(dropped, grown));
            assertThat(update.reversals()).isEqualTo(returned);
            assertThat(update.flipRate()).isEqualTo((double) (dropped + grown) / SHAPE.size());
            assertThat(update.frozenShare()).isZero();
            assertThat(update.everActiveShare()).isEqualTo(everActive.density());
            assertThat(update.predictedLossChange()).isEqualTo(predicted, within(1e-7));
            assertThat(update.elapsedNanos()).isPositive();
        }
        assertThat(reversals).isPositive();
        LayerStatistics statistics = method.statistics().getFirst();
        assertThat(statistics.maskUpdates()).isEqualTo(6);
        assertThat(statistics.density()).isEqualTo(network.mask(method).density());
        assertThat(statistics.everActiveShare()).isEqualTo(everActive.density());
        assertThat(statistics.flipRate()).isEqualTo(flips / 6.0 / SHAPE.size(), within(1e-12));
    }

    @ParameterizedTest
    @MethodSource("methodsAndPatterns")
    void divergedTrainingIsAnError(String name, String text) {
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE, pattern(text));
        TrainingMethod method = create(factory(name), network);
        for (int step = 0; step < ShortRun.INTERVAL; step++) {
            network.train(method);
        }
        network.weights().set(network.mask(method).nextKept(0, SHAPE.size()), Double.NaN);
        assertThatThrownBy(() -> network.train(method))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("training diverged");
    }

    @ParameterizedTest
    @MethodSource("methodsAndPatterns")
    void aDensePatternHasNothingToExchange(String name, String text) {
        SparsityPattern dense = pattern(text).relaxedTo(1);
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE, dense);
        TrainingMethod method = create(factory(name), network);
        for (int step = 0; step < STEPS; step++) {
            network.train(method);
        }
        assertThat(network.mask(method).density()).isEqualTo(1);
        assertThat(method.drainAdaptations()).isEmpty();
        assertThat(costs(factory(name), dense).at(Account.PAPER, ShortRun.INTERVAL).sum()).isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("methodsAndPatterns")
    void phasesAreWhatTheySay(String name, String text) {
        MethodFactory<?> factory = factory(name);
        List<MethodPhase> phases = factory.phases(20, 100);
        assertThat(phases).extracting(MethodPhase::name).containsExactly("updating", "fixed");
        assertThat(phases.getFirst().summary()).contains("every " + factory.updateInterval() + " steps");
        UpdateSchedule updating = new UpdateSchedule(100, phases.getFirst().totalSteps(), 0.3);
        assertThat(updating.updatesAt(100)).isTrue();
        assertThat(phases.getLast().options()).containsEntry("endFraction", 0.0);
        assertThat(pattern(text)).matches(factory::supports);
    }

    @Test
    void theShareFallsAsHalfACosine() {
        UpdateSchedule schedule = new UpdateSchedule(100, 900, 0.3);
        assertThat(schedule.share(0)).isEqualTo(0.3);
        assertThat(schedule.share(300)).isEqualTo(0.225, within(1e-12));
        assertThat(schedule.share(450)).isEqualTo(0.15, within(1e-12));
        assertThat(schedule.share(900)).isZero();
        assertThat(schedule.updatesAt(0)).isFalse();
        assertThat(schedule.updatesAt(100)).isTrue();
        assertThat(schedule.updatesAt(150)).isFalse();
        assertThat(schedule.updatesAt(800)).isTrue();
        assertThat(schedule.updatesAt(900)).isFalse();
    }

    @Test
    void namesKeysOfBadSchedules() {
        MethodContext context = context(new NmPattern(1, 4));
        assertThat(UpdateSchedule.problems(0, 1.5, -1, context))
                .containsExactly(
                        "interval is 0, expected at least 1 step",
                        "alpha is 1.5, expected above 0, at most 1",
                        "endFraction is -1.0, expected 0 (the first mask stays) to 1");
        assertThat(UpdateSchedule.problems(45, 0.3, 0.75, context))
                .singleElement()
                .asString()
                .startsWith("interval is 45 steps, but masks change only before step 45 (endFraction)");
        assertThat(UpdateSchedule.problems(44, 0.3, 0.75, context)).isEmpty();
        assertThat(UpdateSchedule.problems(100, 0.3, 0, context)).isEmpty();
    }

    private static SparsityPattern pattern(String text) {
        return SparsityPattern.parse(text).perLayer(List.of(SHAPE)).getFirst();
    }

    private static MethodFactory<?> factory(String name) {
        return Baselines.all().stream()
                .filter(factory -> factory.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static <C extends Record> TrainingMethod create(MethodFactory<C> factory, FakeNetwork network) {
        TrainingMethod method = factory.create(ShortRun.of(factory.defaults()), context(network.pattern()));
        method.attach(List.of(network));
        return method;
    }

    private static <C extends Record> CostModel costs(MethodFactory<C> factory, SparsityPattern pattern) {
        return factory.costs(ShortRun.of(factory.defaults()), context(pattern));
    }

    private static MethodContext context(SparsityPattern pattern) {
        return new MethodContext(pattern, STEPS, FakeNetwork.STEPS_PER_EPOCH, 0.9, 7);
    }
}
