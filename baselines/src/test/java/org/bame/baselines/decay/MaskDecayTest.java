package org.bame.baselines.decay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import org.bame.baselines.FakeNetwork;
import org.bame.baselines.decay.MaskDecayConfiguration.Decay;
import org.bame.baselines.srste.SteConfiguration;
import org.bame.baselines.srste.SteMethodFactory;
import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.flops.CostVector;
import org.bame.kernel.Storage;
import org.bame.method.LayerRandom;
import org.bame.method.LayerStatistics;
import org.bame.method.MethodContext;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskDecayTest {
    private static final WeightShape SHAPE = new WeightShape(4, 3, 3, 8);
    private static final int STEPS = 40;
    private static final MethodContext CONTEXT = new MethodContext(new NmPattern(1, 4), STEPS, 5, 0.9, 7);

    /** Steps 0 to 7 dense, 8 to 31 fading, 32 to 39 masked; LINEAR reaches 0 at step 28. */
    private static MaskDecayConfiguration configuration(Decay decay) {
        return new MaskDecayConfiguration(decay, 0.05, 0.2, 0.2);
    }

    private static double beta(Decay decay, int step) {
        int t = step - 8;
        return switch (decay) {
            case LINEAR -> t < 20 ? 1 - 0.05 * t : 0;
            case EXPONENTIAL -> step < 32 ? Math.pow(Math.E, -0.05 * t) : 0;
        };
    }

    /** Magnitudes 4 1 3 2 and 1 1 5 2, of which 2:4 keeps 4, 3 and 5, 2; the others count half, 10 steps behind the start. */
    @Test
    void masksByHand() {
        FakeNetwork network = new FakeNetwork(STEPS, WeightShape.linear(1, 8));
        float[] stored = {4, -1, 3, 2, 1, 1, -5, 2};
        for (int i = 0; i < 8; i++) {
            network.weights().set(i, stored[i]);
        }
        TrainingMethod method = create(
                new MethodContext(new NmPattern(2, 4), STEPS, 5, 0.9, 7), configuration(Decay.LINEAR), network);
        ProductPlan plan = method.plan(0, new Step(18, STEPS, 5, 0.1));
        assertThat(values(plan.effectiveWeights())).containsExactly(4, -0.5f, 3, 1, 0.5f, 0.5f, -5, 2);
        assertThat(plan.forward()).isEqualTo(Support.DENSE);
        plan = method.plan(0, new Step(28, STEPS, 5, 0.1));
        assertThat(plan.effectiveWeights()).isNull();
        assertThat(((Support.Masked) plan.forward()).mask().word(0)).isEqualTo(0b11000101);
    }

    /** methods.md 5.11, for N = 1, on the loss and optimizer of {@link FakeNetwork}, in its precision. */
    @ParameterizedTest
    @EnumSource(Decay.class)
    void trainsAsThePaperSays(Decay decay) {
        float[] w = new FakeNetwork(STEPS, SHAPE, CONTEXT.pattern()).weightValues();
        float[] momentum = new float[w.length];
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE, CONTEXT.pattern());
        TrainingMethod method = create(CONTEXT, configuration(decay), network);
        for (int step = 0; step < STEPS; step++) {
            float[] effective = w.clone();
            for (int block = 0; block < w.length && step >= 8; block += 4) {
                int best = block;
                for (int i = block; i < block + 4; i++) {
                    best = Math.abs(w[i]) > Math.abs(w[best]) ? i : best;
                }
                for (int i = block; i < block + 4; i++) {
                    effective[i] = i == best ? w[i] : (float) beta(decay, step) * w[i];
                }
            }
            var jitter = LayerRandom.of(4, 5, step);
            for (int i = 0; i < w.length; i++) {
                float g = (float) (effective[i] - (jitter.nextDouble() - 0.5) / 10);
                momentum[i] = (float) (0.9 * momentum[i] + g + 1e-2 * w[i]);
                w[i] = (float) (w[i] - 0.05 * momentum[i]);
            }
            network.train(method);
            assertThat(network.weightValues()).as("step %d", step).containsExactly(w, within(1e-6f));
        }
    }

    @Test
    void withoutDenseAndFadingPhasesItIsSte() {
        MaskDecayConfiguration masked = new MaskDecayConfiguration(Decay.LINEAR, 2e-4, 0, 1);
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE, CONTEXT.pattern());
        TrainingMethod method = create(CONTEXT, masked, network);
        FakeNetwork other = new FakeNetwork(STEPS, SHAPE, CONTEXT.pattern());
        TrainingMethod ste = new SteMethodFactory().create(new SteConfiguration(), CONTEXT);
        ste.attach(List.of(other));
        for (int step = 0; step < STEPS; step++) {
            network.train(method);
            other.train(ste);
        }
        assertThat(network.weightValues()).isEqualTo(other.weightValues());
        assertThat(method.statistics()).isEqualTo(ste.statistics());
    }

    @Test
    void densityIsThatOfTheProducts() {
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE, CONTEXT.pattern());
        TrainingMethod method = create(CONTEXT, configuration(Decay.EXPONENTIAL), network);
        for (int step = 0; step < STEPS; step++) {
            network.train(method);
            LayerStatistics statistics = method.statistics().getFirst();
            assertThat(statistics.density()).as("step %d", step).isEqualTo(step < 32 ? 1 : 0.25);
            assertThat(statistics.everActiveShare()).isEqualTo(1);
            // The first mask is no flip.
            assertThat(statistics.maskUpdates()).isEqualTo(step <= 8 ? 0 : 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 8, 9, 20, 28, 29, 35})
    void restoredRunsContinueBitByBit(int steps) throws IOException {
        for (Decay decay : Decay.values()) {
            FakeNetwork network = new FakeNetwork(STEPS, SHAPE, CONTEXT.pattern());
            TrainingMethod method = create(CONTEXT, configuration(decay), network);
            for (int step = 0; step < steps; step++) {
                network.train(method);
            }
            TrainingMethod restored = new MaskDecayMethodFactory().create(configuration(decay), CONTEXT);
            FakeNetwork copy = network.moveTo(method, restored);
            assertThat(restored.statistics()).isEqualTo(method.statistics());
            for (int step = steps; step < STEPS; step++) {
                network.train(method);
                copy.train(restored);
            }
            assertThat(copy.weightValues()).isEqualTo(network.weightValues());
            assertThat(restored.statistics()).isEqualTo(method.statistics());
        }
    }

    @ParameterizedTest
    @EnumSource(Decay.class)
    void isDenseUntilNothingOfTheMaskedWeightsIsLeft(Decay decay) {
        CostModel costs = new MaskDecayMethodFactory().costs(configuration(decay), CONTEXT);
        int first = decay == Decay.LINEAR ? 28 : 32;
        for (int step = 0; step < STEPS; step++) {
            boolean dense = step < first;
            assertThat(costs.at(Account.PAPER, step))
                    .isEqualTo(dense ? CostVector.DENSE : new CostVector(0.25, 1, 1));
            assertThat(costs.at(Account.CPU_EXECUTED, step))
                    .isEqualTo(dense ? CostVector.DENSE : new CostVector(0.25, 0.25, 1));
            assertThat(costs.at(Account.NM_HARDWARE, step))
                    .isEqualTo(dense ? CostVector.DENSE : new CostVector(0.25, 1, 1));
        }
        assertThat(costs.deployedDensity()).isEqualTo(0.25);
    }

    @Test
    void namesKeysOfBadValues() {
        assertThat(problems(Decay.LINEAR, 0, -0.5, 0)).containsExactly(
                "denseFraction is -0.5, expected at least 0, below 1", "k is 0.0, expected above 0");
        assertThat(problems(Decay.LINEAR, 1, 0.5, 0.6)).containsExactly(
                "fineTuneFraction is 0.6, expected 0 to 1 - denseFraction (0.5)");
        assertThat(problems(Decay.LINEAR, 1, 0.999, 0)).singleElement().asString()
                .startsWith("denseFraction is 0.999 of 40 steps");
        assertThat(problems(Decay.EXPONENTIAL, 1, 0, 0)).singleElement().asString()
                .contains("fineTuneFraction is 0.0 of 40 steps", "raise fineTuneFraction");
        assertThat(problems(Decay.LINEAR, 1, 0, 0)).isEmpty();
    }

    private static List<String> problems(Decay decay, double k, double dense, double fineTune) {
        return new MaskDecayMethodFactory()
                .problems(new MaskDecayConfiguration(decay, k, dense, fineTune), CONTEXT);
    }

    private static TrainingMethod create(
            MethodContext context, MaskDecayConfiguration configuration, FakeNetwork network) {
        TrainingMethod method = new MaskDecayMethodFactory().create(configuration, context);
        method.attach(List.of(network));
        return method;
    }

    private static float[] values(Storage storage) {
        float[] values = new float[(int) storage.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) storage.get(i);
        }
        return values;
    }
}
