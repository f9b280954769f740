package org.bame.method.bame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import org.bame.RecordChange;
import org.bame.kernel.Storage;
import org.bame.method.Adaptation;
import org.bame.method.FakeNetwork;
import org.bame.method.FakeNetwork.FakeLayer;
import org.bame.method.LayerRandom;
import org.bame.method.MethodContext;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.method.TrainingMethod;
import org.bame.method.bame.BameConfiguration.InitPhase;
import org.bame.method.bame.BameConfiguration.PruneScore;
import org.bame.sparsity.Mask;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** BAME where outputs share positions. */
class BameRowGroupTest {
    /** t_i = 40, t_f = 96, an adaptation every 4 steps. */
    private static final long STEPS = 120;

    /** Six and five outputs: with groups of 4, a last group of 2 and of 1. */
    private static final WeightShape[] SHAPES = {new WeightShape(6, 3, 3, 16), WeightShape.linear(5, 24)};
    private static final BameConfiguration CONFIGURATION = RecordChange.of(BameConfiguration.defaults(), "interval", 4);

    @ParameterizedTest
    @EnumSource(InitPhase.class)
    void masksKeepThePatternInEveryPhase(InitPhase initPhase) {
        NmPattern pattern = NmPattern.parse("2:8/g4");
        BameConfiguration configuration = RecordChange.of(CONFIGURATION, "initPhase", initPhase);
        configuration = RecordChange.of(configuration, "swapsPerBlock", 2);
        FakeNetwork network = new FakeNetwork(STEPS, 3, SHAPES);
        TrainingMethod method = create(configuration, pattern);
        method.attach(network.masked());
        Mask before = null;
        int swaps = 0;
        for (int step = 0; step < STEPS; step++) {
            for (int layer = 0; layer < SHAPES.length; layer++) {
                if (method.plan(layer, network.now()).forward() instanceof Support.Masked(Mask mask)) {
                    assertThat(mask.rowGroup()).isEqualTo(4);
                    MaskPromise.EXACT.require(mask, pattern);
                    before = layer == 0 ? mask.copy() : before;
                }
            }
            network.train(method);
            for (Adaptation adaptation : method.drainAdaptations()) {
                if (adaptation.layer().equals("layer0")) {
                    int flips = before.difference(mask(method, network.now()));
                    assertThat(2 * adaptation.swaps()).isEqualTo(flips);
                    assertThat(adaptation.flipRate()).isEqualTo((double) flips / SHAPES[0].size(), within(1e-12));
                    swaps += adaptation.swaps();
                }
            }
            requireZeroOutside(network.layer(0), method, network.now());
        }
        assertThat(swaps).isGreaterThan(20);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 17, 40, 45, 71})
    void savedAndRestoredItContinuesBitByBit(int steps) throws IOException {
        FakeNetwork network = new FakeNetwork(STEPS, 8, SHAPES);
        TrainingMethod method = create(CONFIGURATION, NmPattern.parse("1:4/g2"));
        method.attach(network.masked());
        for (int step = 0; step < steps; step++) {
            network.train(method);
        }
        TrainingMethod restored = create(CONFIGURATION, NmPattern.parse("1:4/g2"));
        FakeNetwork copy = network.moveTo(method, restored);
        for (long step = steps; step < STEPS; step++) {
            network.train(method);
            copy.train(restored);
        }
        assertThat(bits(copy.layer(0).weights())).isEqualTo(bits(network.layer(0).weights()));
        assertThat(restored.statistics()).isEqualTo(method.statistics());
    }

    /**
     * A layer whose outputs are all there R times, trained by R outputs that share positions, is the layer trained with
     * each output for itself: sums over equal rows order positions, blocks and layers as one row does.
     */
    @ParameterizedTest
    @CsvSource({
        "2, SRSTE, ABS_SALIENCY", "4, SRSTE, SIGNED", "2, STE, MAGNITUDE", "4, DENSE, ABS_SALIENCY",
        "2, MAGNITUDE_ONE_SHOT, SIGNED", "4, GRADIENT_ONE_SHOT, MAGNITUDE"
    })
    void repeatedOutputsTrainAsOneEach(int group, InitPhase initPhase, PruneScore score) {
        BameConfiguration configuration = RecordChange.of(CONFIGURATION, "initPhase", initPhase);
        configuration = RecordChange.of(RecordChange.of(configuration, "pruneScore", score), "swapsPerBlock", 2);
        FakeLayer single = new FakeLayer("layer", SHAPES[0], LayerRandom.of(5, 0, 0));
        WeightShape shape = new WeightShape(group * 6, 3, 3, 16);
        FakeLayer repeated = new FakeLayer("layer", shape, LayerRandom.of(5, 0, 0));
        repeat(single.weights(), repeated.weights(), group);
        TrainingMethod method = create(configuration, new NmPattern(2, 8));
        method.attach(List.of(single));
        TrainingMethod grouped = create(configuration, new NmPattern(2, 8, group));
        grouped.attach(List.of(repeated));
        int swaps = 0;
        double frozenShare = 0;
        for (long index = 0; index < STEPS; index++) {
            Step step = new Step(index, STEPS, 10, 0.05);
            ProductPlan plan = method.plan(0, step);
            assertThat(grouped.plan(0, step).weightGradient().equals(Support.DENSE))
                    .isEqualTo(plan.weightGradient().equals(Support.DENSE));
            double[] gradient = single.gradientAt(plan, step);
            for (int i = 0; i < gradient.length; i++) {
                single.gradient().set(i, gradient[i]);
            }
            repeat(single.gradient(), repeated.gradient(), group);
            method.transformGradients(step);
            grouped.transformGradients(step);
            requireRepeated(single.gradient(), repeated.gradient(), group);
            requireRepeated(single.weights(), repeated.weights(), group);
            for (int i = 0; i < gradient.length; i++) {
                single.weights().set(i, single.weights().get(i) - 0.3 * single.gradient().get(i));
            }
            repeat(single.weights(), repeated.weights(), group);
            method.afterUpdate(step);
            grouped.afterUpdate(step);
            requireRepeated(mask(method, step), mask(grouped, step), group);
            List<Adaptation> own = method.drainAdaptations();
            List<Adaptation> shared = grouped.drainAdaptations();
            assertThat(shared).hasSameSizeAs(own);
            for (int i = 0; i < own.size(); i++) {
                assertThat(shared.get(i).swaps()).isEqualTo(group * own.get(i).swaps());
                assertThat(shared.get(i).reversals()).isEqualTo(group * own.get(i).reversals());
                assertThat(shared.get(i).frozenShare()).isEqualTo(own.get(i).frozenShare());
                assertThat(shared.get(i).predictedLossChange())
                        .isEqualTo(group * own.get(i).predictedLossChange(), within(1e-9));
                swaps += own.get(i).swaps();
                frozenShare = own.get(i).frozenShare();
            }
        }
        assertThat(swaps).isGreaterThan(20);
        assertThat(frozenShare).isPositive();
        assertThat(grouped.statistics()).isEqualTo(method.statistics());
    }

    /** Hashes of the weights after a run, taken before there were row groups. */
    @ParameterizedTest
    @CsvSource({
        "SRSTE, ABS_SALIENCY, 114932770", "SRSTE, SIGNED, 1545201658", "SRSTE, MAGNITUDE, 514326834",
        "STE, ABS_SALIENCY, -126993301", "DENSE, SIGNED, -1397606768", "MAGNITUDE_ONE_SHOT, MAGNITUDE, 71071767",
        "GRADIENT_ONE_SHOT, SIGNED, -58257402", "RANDOM, ABS_SALIENCY, -1539633210"
    })
    void anOutputForItselfTrainsAsEver(InitPhase initPhase, PruneScore score, int expected) {
        BameConfiguration configuration = RecordChange.of(CONFIGURATION, "initPhase", initPhase);
        FakeNetwork network = new FakeNetwork(STEPS, 3, SHAPES);
        TrainingMethod method =
                create(RecordChange.of(configuration, "pruneScore", score), NmPattern.parse("2:8/g1"));
        method.attach(network.masked());
        for (int step = 0; step < STEPS; step++) {
            network.train(method);
        }
        int hash = 1;
        for (int layer = 0; layer < SHAPES.length; layer++) {
            for (int bits : bits(network.layer(layer).weights())) {
                hash = 31 * hash + bits;
            }
        }
        assertThat(hash).isEqualTo(expected);
    }

    @Test
    void signaturesTellGroupsApart() {
        assertThat(create(CONFIGURATION, NmPattern.parse("2:8/g4")).signature())
                .contains("2:8/g4")
                .isNotEqualTo(create(CONFIGURATION, NmPattern.parse("2:8")).signature());
    }

    private static TrainingMethod create(BameConfiguration configuration, NmPattern pattern) {
        MethodContext context = new MethodContext(pattern, STEPS, 10, 0.9, 11);
        assertThat(new BameMethodFactory().problems(configuration, context)).isEmpty();
        return new BameMethodFactory().create(configuration, context);
    }

    private static Mask mask(TrainingMethod method, Step step) {
        return method.plan(0, step).forward() instanceof Support.Masked masked
                ? masked.mask()
                : Mask.full(SHAPES[0]);
    }

    private static void repeat(Storage from, Storage to, int group) {
        for (int i = 0; i < SHAPES[0].size() * group; i++) {
            to.set(i, from.get(origin(i, group)));
        }
    }

    private static void requireRepeated(Storage from, Storage to, int group) {
        for (int i = 0; i < SHAPES[0].size() * group; i++) {
            assertThat(to.get(i)).isEqualTo(from.get(origin(i, group)));
        }
    }

    private static void requireRepeated(Mask from, Mask to, int group) {
        if (from.count() < SHAPES[0].size()) {
            for (int i = 0; i < SHAPES[0].size() * group; i++) {
                assertThat(to.get(i)).isEqualTo(from.get(origin(i, group)));
            }
        }
    }

    /** The weight of the single outputs that weight {@code i} of the repeated ones repeats. */
    private static int origin(int i, int group) {
        int length = SHAPES[0].rowLength();
        return i / length / group * length + i % length;
    }

    private static int[] bits(Storage weights) {
        int[] bits = new int[Math.toIntExact(weights.size())];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits((float) weights.get(i));
        }
        return bits;
    }

    private static void requireZeroOutside(FakeLayer layer, TrainingMethod method, Step step) {
        if (method.plan(0, step).weightGradient() instanceof Support.Masked(Mask mask)) {
            for (int i = 0; i < mask.shape().size(); i++) {
                if (!mask.get(i)) {
                    assertThat(layer.weights().get(i)).isZero();
                    assertThat(layer.momentum().get(i)).isZero();
                }
            }
        }
    }
}
