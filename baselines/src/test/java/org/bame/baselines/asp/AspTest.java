package org.bame.baselines.asp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import org.bame.baselines.FakeNetwork;
import org.bame.baselines.asp.AspConfiguration.Permutation;
import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.flops.CostVector;
import org.bame.flops.FlopsAccount;
import org.bame.flops.WeightedLayer;
import org.bame.method.LayerRandom;
import org.bame.method.LayerStatistics;
import org.bame.method.MethodContext;
import org.bame.method.ProductPlan;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.LayerKind;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AspTest {
    private static final NmPattern PATTERN = new NmPattern(1, 4);
    private static final WeightShape SHAPE = new WeightShape(4, 3, 3, 8);
    private static final int STEPS = 40;

    /** methods.md 5.7, for N = 1, on the loss and optimizer of {@link FakeNetwork}, in its precision. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void trainsAsThePaperSays(int pretrainCycles) {
        int pruneStep = STEPS / (pretrainCycles + 1) * pretrainCycles;
        float[] w = new FakeNetwork(STEPS, SHAPE).weightValues();
        float[] momentum = new float[w.length];
        boolean[] kept = new boolean[w.length];
        for (int step = 0; step < STEPS; step++) {
            if (step == pruneStep) {
                for (int block = 0; block < w.length; block += 4) {
                    int best = block;
                    for (int i = block; i < block + 4; i++) {
                        best = Math.abs(w[i]) > Math.abs(w[best]) ? i : best;
                    }
                    kept[best] = true;
                }
                for (int i = 0; i < w.length; i++) {
                    w[i] = kept[i] ? w[i] : 0;
                }
            }
            boolean pruned = step >= pruneStep;
            var jitter = LayerRandom.of(4, 5, step);
            for (int i = 0; i < w.length; i++) {
                float g = (float) (w[i] - (jitter.nextDouble() - 0.5) / 10);
                g = pruned && !kept[i] ? 0 : g;
                // The buffers of pruned weights are neither cleared nor masked.
                momentum[i] = (float) (0.9 * momentum[i] + g + 1e-2 * w[i]);
                w[i] = (float) (w[i] - 0.05 * momentum[i]);
                w[i] = pruned && !kept[i] ? 0 : w[i];
            }
        }
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
        TrainingMethod method = create(PATTERN, new AspConfiguration(pretrainCycles, Permutation.NONE), network);
        for (int step = 0; step < STEPS; step++) {
            network.train(method);
        }
        assertThat(network.weightValues()).isEqualTo(w);
    }

    @Test
    void isDenseUntilThePruningAndStaysMaskedBehindIt() {
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
        TrainingMethod method = create(PATTERN, AspConfiguration.defaults(), network);
        for (int step = 0; step < STEPS / 2; step++) {
            assertThat(method.plan(0, network.now())).isEqualTo(ProductPlan.DENSE);
            network.train(method);
        }
        assertThat(method.statistics()).containsExactly(new LayerStatistics("layer", 1, 0, 0, 0, 1));
        ProductPlan plan = method.plan(0, network.now());
        assertThat(plan.inputGradient()).isEqualTo(plan.forward()).isEqualTo(plan.weightGradient());
        network.train(method);
        assertThat(method.statistics()).containsExactly(new LayerStatistics("layer", 0.25, 0, 0, 1, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 19, 20, 21, 33})
    void permutedRunsContinueBitByBit(int steps) throws IOException {
        AspConfiguration configuration = new AspConfiguration(1, Permutation.GREEDY_SWAPS);
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
        TrainingMethod method = create(PATTERN, configuration, network);
        for (int step = 0; step < steps; step++) {
            network.train(method);
        }
        TrainingMethod restored = new AspMethodFactory().create(configuration, context(PATTERN));
        FakeNetwork copy = network.moveTo(method, restored);
        for (int step = steps; step < STEPS; step++) {
            network.train(method);
            copy.train(restored);
        }
        assertThat(copy.weightValues()).isEqualTo(network.weightValues());
        assertThat(restored.statistics()).isEqualTo(method.statistics());
    }

    @Test
    void costsADenseRunAndThenTheMasks() {
        MethodContext context = context(PATTERN);
        CostModel costs = new AspMethodFactory().costs(AspConfiguration.defaults(), context);
        assertThat(costs.deployedDensity()).isEqualTo(0.25);
        for (Account account : Account.values()) {
            assertThat(costs.at(account, STEPS / 2 - 1)).isEqualTo(CostVector.DENSE);
        }
        assertThat(costs.at(Account.PAPER, STEPS / 2)).isEqualTo(new CostVector(0.25, 1, 1));
        assertThat(costs.at(Account.CPU_EXECUTED, STEPS / 2)).isEqualTo(new CostVector(0.25, 0.25, 0.25));
        assertThat(costs.at(Account.NM_HARDWARE, STEPS / 2)).isEqualTo(new CostVector(0.25, 1, 1));
    }

    /** Of ResNet-50, whose s at 1:16 is 0.0900 (methods.md 3.3), one dense run and one of SR-STE's cost: 1 + (s + 2) / 3. */
    @ParameterizedTest
    @CsvSource({"1:16, 1.6967", "1:4, 1.757"})
    void ratiosAreOverOneDenseRun(String text, double expected) {
        NmPattern pattern = NmPattern.parse(text);
        long denseMacs = 118_013_952 + 2_048_000;
        long sparseMacs = 4_089_184_256L - denseMacs;
        List<WeightedLayer> layers = List.of(
                new WeightedLayer("dense", LayerKind.STEM, WeightShape.linear(1, 16), denseMacs / 16),
                new WeightedLayer("sparse", LayerKind.CONV, WeightShape.linear(1, 16), sparseMacs / 16));
        AspMethodFactory factory = new AspMethodFactory();
        int cycles = factory.cycles(factory.defaults());
        assertThat(cycles).isEqualTo(2);
        double ratio = new FlopsAccount(layers, pattern, 0)
                .cost(factory.costs(factory.defaults(), context(pattern)), STEPS)
                .times(cycles)
                .paper();
        assertThat(ratio).isEqualTo(expected, within(5e-4));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 11})
    void refusesAnUnsoundNumberOfCycles(int cycles) {
        assertThat(new AspMethodFactory()
                .problems(new AspConfiguration(cycles, Permutation.NONE), context(PATTERN)))
                .containsExactly("pretrainCycles is " + cycles + ", expected 0 to 10");
    }

    private static TrainingMethod create(NmPattern pattern, AspConfiguration configuration, FakeNetwork network) {
        TrainingMethod method = new AspMethodFactory().create(configuration, context(pattern));
        method.attach(List.of(network));
        return method;
    }

    private static MethodContext context(NmPattern pattern) {
        return new MethodContext(pattern, STEPS, 5, 0.9, 7);
    }
}
