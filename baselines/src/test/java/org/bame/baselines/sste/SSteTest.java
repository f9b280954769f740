package org.bame.baselines.sste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bame.baselines.FakeNetwork;
import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.flops.CostVector;
import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.bame.method.LayerRandom;
import org.bame.method.MethodContext;
import org.bame.method.OutputGradientSample;
import org.bame.method.ProductPlan;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.Mask;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SSteTest {
    private static final WeightShape SHAPE = new WeightShape(4, 3, 3, 8);
    private static final int STEPS = 40;

    /** 2:4: th = 0.2, so S = -0.3 and 0.1; beta = (0.5 0.3 + 0.3 0.1) / (0.09 + 0.01) = 1.8. */
    @Test
    void thresholdsByHand() {
        Storage weights = storage(0.1f, -0.5f, 0.3f, -0.2f);
        Mask mask = Mask.empty(WeightShape.linear(1, 4));
        Storage result = compute("2:4", weights, mask);
        assertClose(result, 0, -0.3, 0.1, 0);
        assertThat(SoftThresholding.scale(weights, result)).isCloseTo(1.8, within(1e-6));
        assertThat(bits(mask)).isEqualTo("0110");
        assertClose(compute("1:4", weights, mask), 0, -0.2, 0, 0);
        assertThat(bits(mask)).isEqualTo("0100");
        assertClose(compute("4:4", weights, mask), 0.1, -0.5, 0.3, -0.2);
    }

    /** What is not above the threshold is 0, and so no part of the mask. */
    @Test
    void tiesAtTheCutKeepFewer() {
        Mask mask = Mask.empty(WeightShape.linear(1, 8));
        Storage result = compute("2:4", storage(0.5f, 0.2f, -0.2f, 0.1f, 1, 1, 1, -1), mask);
        assertClose(result, 0.3, 0, 0, 0, 0, 0, 0, 0);
        assertThat(bits(mask)).isEqualTo("10000000");
        Storage zero = storage(0, 0, 0, 0, 0, 0, 0, 0);
        assertThat(SoftThresholding.scale(zero, zero)).isEqualTo(1);
    }

    /** methods.md 6, check 2: where two weights swap ranks the output changes by as little as they do; a mask jumps. */
    @ParameterizedTest
    @ValueSource(strings = {"2:4", "1:4", "2:8", "2:4/g2"})
    void continuousAcrossATie(String text) {
        int m = NmPattern.parse(text).m();
        WeightShape shape = WeightShape.linear(2, m);
        SplittableRandom random = new SplittableRandom(2);
        for (int trial = 0; trial < 100; trial++) {
            float[] w = new float[2 * m];
            for (int i = 0; i < w.length; i++) {
                w[i] = (float) (random.nextDouble() - 0.5);
            }
            int i = random.nextInt(m);
            int j = (i + 1 + random.nextInt(m - 1)) % m;
            for (int row = 0; row < 2; row++) {
                w[row * m + j] = -w[row * m + i];
            }
            float epsilon = 1e-4f;
            float[] above = w.clone();
            float[] below = w.clone();
            above[i] += Math.copySign(epsilon, w[i]);
            below[i] -= Math.copySign(epsilon, w[i]);
            Storage first = compute(text, storage(above), Mask.empty(shape, NmPattern.parse(text).rowGroup()));
            Storage second = compute(text, storage(below), Mask.empty(shape, NmPattern.parse(text).rowGroup()));
            for (int at = 0; at < w.length; at++) {
                assertThat(first.get(at)).isCloseTo(second.get(at), within(8.0 * epsilon));
            }
        }
    }

    /** L1 norms of the positions 5 4 3 9 (tenths): th = 4, so positions 0 and 3 keep 1/5 and 5/9 of their weights. */
    @Test
    void outputsThatSharePositionsLoseTheSameShare() {
        Mask mask = Mask.empty(WeightShape.linear(2, 4), 2);
        Storage result = compute("2:4/g2", storage(0.2f, 0.4f, 0, -0.1f, -0.3f, 0, 0.3f, 0.8f), mask);
        assertClose(result, 0.04, 0, 0, -0.1 * 5 / 9, -0.06, 0, 0, 0.8 * 5 / 9);
        assertThat(bits(mask)).isEqualTo("10011001");
    }

    @Test
    void notANumberIsAnError() {
        assertThatThrownBy(() -> compute("2:4", storage(1, Float.NaN, 1, 1), Mask.empty(WeightShape.linear(1, 4))))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("NaN");
    }

    /** methods.md 5.9, by sorting, on the loss and optimizer of {@link FakeNetwork}. */
    @ParameterizedTest
    @ValueSource(strings = {"2:4", "1:4", "3:8"})
    void trainsAsThePaperSays(String text) {
        NmPattern pattern = NmPattern.parse(text);
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
        TrainingMethod method = create(SSteConfiguration.defaults(), pattern, network);
        float[] w = network.weightValues();
        float[] momentum = new float[w.length];
        double beta = Double.NaN;
        for (int step = 0; step < STEPS; step++) {
            double[] s = thresholded(w, pattern);
            if (step == 0) {
                double product = 0;
                double square = 0;
                for (int i = 0; i < w.length; i++) {
                    product += w[i] * s[i];
                    square += s[i] * s[i];
                }
                beta = product / square;
            }
            ProductPlan plan = method.plan(0, network.now());
            Mask mask = network.mask(method);
            MaskPromise.EXACT.require(mask, pattern);
            var jitter = LayerRandom.of(4, 5, step);
            for (int i = 0; i < w.length; i++) {
                assertThat(plan.effectiveWeights().get(i)).isCloseTo(beta * s[i], within(2e-6));
                assertThat(mask.get(i)).isEqualTo(s[i] != 0);
                double g = beta * s[i] - (jitter.nextDouble() - 0.5) / 10;
                momentum[i] = (float) (0.9 * momentum[i] + g + 1e-2 * w[i]);
                w[i] = (float) (w[i] - 0.05 * momentum[i]);
            }
            network.train(method);
            float[] actual = network.weightValues();
            for (int i = 0; i < w.length; i++) {
                assertThat(actual[i]).isCloseTo(w[i], within(1e-6f));
            }
            // Both go on from the same numbers: a rank may hang on the last bit.
            w = actual;
        }
    }

    @Test
    void gradientsStayAsTheyAre() {
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
        TrainingMethod method = create(SSteConfiguration.defaults(), new NmPattern(2, 4), network);
        network.train(method);
        network.gradient().fill(0.125);
        method.transformGradients(network.now());
        for (int i = 0; i < SHAPE.size(); i++) {
            assertThat(network.gradient().get(i)).isEqualTo(0.125);
        }
    }

    @Test
    void samplesAtTwoOfFourUnlessToldOtherwise() {
        for (String text : List.of("2:4", "1:4", "4:8", "2:4/g4")) {
            for (boolean sample : new boolean[]{false, true}) {
                FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
                SSteConfiguration configuration = new SSteConfiguration(sample);
                NmPattern pattern = NmPattern.parse(text);
                ProductPlan plan = create(configuration, pattern, network).plan(0, network.now());
                boolean expected = sample && text.equals("2:4");
                assertThat(plan.outputGradientSample()).isEqualTo(expected ? new OutputGradientSample(7, 0) : null);
                assertThat(plan.weightGradient()).isEqualTo(Support.DENSE);
                assertThat(plan.inputGradient()).isEqualTo(plan.forward());
                double d = pattern.density();
                CostModel costs = new SSteMethodFactory().costs(configuration, context(pattern));
                assertThat(costs.at(Account.PAPER, 3)).isEqualTo(new CostVector(d, 1, expected ? d : 1));
                assertThat(costs.at(Account.NM_HARDWARE, 3)).isEqualTo(new CostVector(d, 1, expected ? d : 1));
                assertThat(costs.at(Account.CPU_EXECUTED, 3)).isEqualTo(new CostVector(d, d, 1));
                assertThat(costs.deployedDensity()).isEqualTo(d);
            }
        }
    }

    private static MethodContext context(NmPattern pattern) {
        return new MethodContext(pattern, STEPS, 5, 0.9, 7);
    }

    private static TrainingMethod create(SSteConfiguration configuration, NmPattern pattern, FakeNetwork network) {
        TrainingMethod method = new SSteMethodFactory().create(configuration, context(pattern));
        method.attach(List.of(network));
        return method;
    }

    private static double[] thresholded(float[] w, NmPattern pattern) {
        double[] s = new double[w.length];
        for (int block = 0; block < w.length; block += pattern.m()) {
            double[] magnitudes = new double[pattern.m()];
            for (int i = 0; i < pattern.m(); i++) {
                magnitudes[i] = Math.abs(w[block + i]);
            }
            Arrays.sort(magnitudes);
            double threshold = magnitudes[pattern.m() - pattern.n() - 1];
            for (int i = block; i < block + pattern.m(); i++) {
                s[i] = Math.signum(w[i]) * Math.max(Math.abs(w[i]) - threshold, 0);
            }
        }
        return s;
    }

    private static Storage compute(String pattern, Storage weights, Mask mask) {
        Storage result = Storage.allocate(ElementType.FLOAT, weights.size());
        result.fill(Double.NaN);
        new SoftThresholding(NmPattern.parse(pattern)).compute(weights, mask, result);
        return result;
    }

    private static void assertClose(Storage actual, double... expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual.get(i)).as("weight %d", i).isCloseTo(expected[i], within(1e-7));
        }
    }

    private static String bits(Mask mask) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < mask.shape().size(); i++) {
            text.append(mask.get(i) ? 1 : 0);
        }
        return text.toString();
    }

    private static Storage storage(float... values) {
        Storage storage = Storage.allocate(ElementType.FLOAT, values.length);
        for (int i = 0; i < values.length; i++) {
            storage.set(i, values[i]);
        }
        return storage;
    }
}
