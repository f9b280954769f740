package org.bame.baselines.lbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.bame.baselines.FakeNetwork;
import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.flops.CostVector;
import org.bame.method.LayerRandom;
import org.bame.method.LayerStatistics;
import org.bame.method.MethodContext;
import org.bame.method.ProductPlan;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.Mask;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LbcTest {
    private static final WeightShape SHAPE = new WeightShape(4, 3, 3, 8);
    private static final int STEPS = 60;
    private static final MethodContext CONTEXT = context("2:4");

    /**
     * methods.md 5.3 at 2:4, on the loss and optimizer of {@link FakeNetwork}. Of 12 epochs, t_f is 6: card is 6, then
     * 1 + ceil(5 (1 - e / 6)^3) = 4, 3, 2, 2, 2, then 1.
     */
    @Test
    void trainsAsThePaperSays() {
        int[] card = {6, 4, 3, 2, 2, 2, 1, 1, 1, 1, 1, 1};
        int[][] pairs = {{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}};
        float[] w = new FakeNetwork(STEPS, SHAPE).weightValues();
        float[] momentum = new float[w.length];
        float[][] alpha = new float[w.length / 4][6];
        float[][] velocity = new float[w.length / 4][6];
        boolean[][] dead = new boolean[w.length / 4][6];
        Arrays.stream(alpha).forEach(row -> Arrays.fill(row, 1 / 3f));
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
        TrainingMethod method = create(CONTEXT, new LbcConfiguration(0, 0.5, 3, true, 0.01), network);
        for (int step = 0; step < STEPS; step++) {
            boolean[] kept = new boolean[w.length];
            for (int block = 0; block < alpha.length; block++) {
                for (int gone = 0; gone < 6; gone++) {
                    int alive = 0;
                    int worst = -1;
                    for (int c = 0; c < 6; c++) {
                        alive += dead[block][c] ? 0 : 1;
                        if (!dead[block][c] && (worst < 0 || alpha[block][c] <= alpha[block][worst])) {
                            worst = c;
                        }
                    }
                    dead[block][worst] |= alive > card[step / 5];
                }
                for (int c = 0; c < 6; c++) {
                    kept[4 * block + pairs[c][0]] |= !dead[block][c];
                    kept[4 * block + pairs[c][1]] |= !dead[block][c];
                }
            }
            Mask mask = network.mask(method);
            float[] g = new float[w.length];
            var jitter = LayerRandom.of(4, 5, step);
            for (int i = 0; i < w.length; i++) {
                assertThat(mask.get(i)).as("weight %d in step %d", i, step).isEqualTo(kept[i]);
                double slope = (kept[i] ? w[i] : 0) - (jitter.nextDouble() - 0.5) / 10;
                g[i] = kept[i] ? (float) slope : 0;
            }
            for (int block = 0; block < alpha.length && card[step / 5] > 1; block++) {
                for (int c = 0; c < 6; c++) {
                    int i = 4 * block + pairs[c][0];
                    int j = 4 * block + pairs[c][1];
                    velocity[block][c] =
                            0.9f * velocity[block][c] + (g[i] * w[i] + g[j] * w[j] + 0.01f * alpha[block][c]);
                    alpha[block][c] -= 0.05f * velocity[block][c];
                }
            }
            for (int i = 0; i < w.length; i++) {
                momentum[i] = (float) (0.9 * momentum[i] + g[i] + 1e-2 * w[i]);
                w[i] = (float) (w[i] - 0.05 * momentum[i]);
            }
            network.train(method);
            assertThat(network.weightValues()).isEqualTo(w);
        }
        MaskPromise.EXACT.require(network.mask(method), CONTEXT.nm());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1:4", "2:8", "2:8/g3", "7:8", "4:4"})
    void whatWasRemovedNeverComesBack(String pattern) {
        MethodContext context = context(pattern);
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
        TrainingMethod method = create(context, new LbcConfiguration(0.1, 0.8, 3, false, 1e-4), network);
        Mask last = Mask.full(SHAPE);
        for (int step = 0; step < STEPS; step++) {
            ProductPlan plan = method.plan(0, network.now());
            assertThat(plan.inputGradient()).isEqualTo(plan.forward()).isEqualTo(plan.weightGradient());
            Mask now = network.mask(method).copy();
            Mask united = last.copy();
            united.union(now);
            assertThat(united.difference(last)).isZero();
            if (step <= 6) {
                assertThat(now.count()).isEqualTo(SHAPE.size());
            }
            network.train(method);
            last = now;
            LayerStatistics statistics = method.statistics().getFirst();
            assertThat(statistics.density()).isEqualTo(now.density());
            assertThat(statistics.everActiveShare()).isEqualTo(1);
            assertThat(statistics.frozenShare()).isEqualTo(step >= 48 || pattern.equals("4:4") ? 1 : 0);
        }
        MaskPromise.EXACT.require(last, context.nm());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 6, 7, 20, 33, 48, 55})
    void restoredRunsContinueBitByBit(int steps) throws IOException {
        LbcConfiguration configuration = new LbcConfiguration(0.1, 0.8, 2, false, 1e-4);
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
        TrainingMethod method = create(CONTEXT, configuration, network);
        for (int step = 0; step < steps; step++) {
            network.train(method);
        }
        TrainingMethod restored = new LbcMethodFactory().create(configuration, CONTEXT);
        FakeNetwork copy = network.moveTo(method, restored);
        for (int step = steps; step < STEPS; step++) {
            network.train(method);
            copy.train(restored);
        }
        assertThat(copy.weightValues()).isEqualTo(network.weightValues());
        assertThat(restored.statistics()).isEqualTo(method.statistics());
    }

    /** methods.md 3.3: mean forward densities of ResNet-50 over 120 epochs, its dense layers included. */
    @ParameterizedTest
    @CsvSource({"1:4, 0.5, 0.448", "1:8, 0.5, 0.299", "1:16, 0.5, 0.226", "1:16, 0.66666666666666667, 0.270"})
    void meanDensitiesAreThoseOfTheSpecification(String pattern, double finalFraction, double expected) {
        MethodContext context = new MethodContext(NmPattern.parse(pattern), 120 * 10, 10, 0.9, 1);
        CostModel costs =
                new LbcMethodFactory().costs(new LbcConfiguration(0, finalFraction, 3, true, 1e-4), context);
        double sum = 0;
        for (int step = 0; step < 120 * 10; step++) {
            CostVector paper = costs.at(Account.PAPER, step);
            assertThat(paper.inputGradient()).isOne();
            assertThat(paper.weightGradient()).isEqualTo(paper.forward());
            sum += paper.forward();
        }
        double dense = (118_013_952 + 2_048_000) / 4_089_184_256.0;
        assertThat(dense + (1 - dense) * sum / 1200).isEqualTo(expected, within(6e-4));
    }

    /** Mean of the unions of all choices of so many of the 6 candidates of 2:4. */
    @Test
    void expectsTheUnionOfRandomSurvivors() {
        int[] masks = {0b0011, 0b0101, 0b1001, 0b0110, 0b1010, 0b1100};
        double[] sums = new double[7];
        int[] counts = new int[7];
        for (int chosen = 1; chosen < 64; chosen++) {
            int union = 0;
            for (int c = 0; c < 6; c++) {
                union |= (chosen >>> c & 1) * masks[c];
            }
            sums[Integer.bitCount(chosen)] += Integer.bitCount(union) / 4.0;
            counts[Integer.bitCount(chosen)]++;
        }
        int[] card = {6, 4, 3, 2, 2, 2, 1, 1, 1, 1, 1, 1};
        CostModel costs = new LbcMethodFactory().costs(LbcConfiguration.defaults(), CONTEXT);
        for (int step = 0; step < STEPS; step++) {
            int left = card[step / 5];
            double u = sums[left] / counts[left];
            CostVector executed = costs.at(Account.CPU_EXECUTED, step);
            assertThat(executed.forward()).isEqualTo(u, within(1e-12));
            assertThat(executed).isEqualTo(new CostVector(executed.forward(), executed.forward(), executed.forward()));
            assertThat(costs.at(Account.NM_HARDWARE, step)).isEqualTo(new CostVector(left == 1 ? 0.5 : 1, 1, 1));
        }
        assertThat(costs.deployedDensity()).isEqualTo(0.5);
        // One candidate is one weight: the union of 3 of them is 3:4.
        assertThat(new LbcMethodFactory().costs(LbcConfiguration.defaults(), context("1:4")).at(Account.NM_HARDWARE, 5))
                .isEqualTo(new CostVector(0.75, 1, 1));
    }

    @Test
    void namesKeysOfBadValues() {
        LbcMethodFactory factory = new LbcMethodFactory();
        assertThat(factory.problems(new LbcConfiguration(0.5, 0.4, 0, true, -1), CONTEXT)).containsExactly(
                "finalFraction is 0.4, expected initialFraction (0.5) to 1",
                "exponent is 0.0, expected above 0",
                "scoreDecay is -1.0, expected at least 0");
        assertThat(factory.problems(LbcConfiguration.defaults(), context("8:16"))).singleElement().asString()
                .contains("pattern 8:16", "at most 256", "4:8 (70)");
        assertThatThrownBy(() -> factory.costs(LbcConfiguration.defaults(), context("8:16")))
                .isInstanceOf(IllegalArgumentException.class);
        MethodContext oneEpoch = new MethodContext(new NmPattern(1, 4), 20, 20, 0.9, 1);
        assertThat(factory.problems(LbcConfiguration.defaults(), oneEpoch)).singleElement().asString()
                .contains("4 candidates", "perEpoch = false");
        assertThat(factory.problems(new LbcConfiguration(0, 0.5, 3, false, 1e-4), oneEpoch)).isEmpty();
    }

    private static TrainingMethod create(
            MethodContext context, LbcConfiguration configuration, FakeNetwork network) {
        TrainingMethod method = new LbcMethodFactory().create(configuration, context);
        method.attach(List.of(network));
        return method;
    }

    private static MethodContext context(String pattern) {
        return new MethodContext(NmPattern.parse(pattern), STEPS, 5, 0.9, 7);
    }
}
