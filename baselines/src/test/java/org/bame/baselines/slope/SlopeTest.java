package org.bame.baselines.slope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import org.bame.baselines.FakeNetwork;
import org.bame.baselines.slope.SlopeConfiguration.RowMask;
import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.flops.CostVector;
import org.bame.flops.FlopsAccount;
import org.bame.flops.ThinnedDensity;
import org.bame.flops.WeightedLayer;
import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.bame.method.LayerRandom;
import org.bame.method.MethodContext;
import org.bame.method.ProductPlan;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.LayerKind;
import org.bame.sparsity.Mask;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.NmSelection;
import org.bame.sparsity.OutputAxisSelection;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SlopeTest {
    private static final NmPattern PATTERN = new NmPattern(2, 4);
    private static final WeightShape SHAPE = new WeightShape(6, 3, 3, 8);
    private static final int STEPS = 40;
    private static final MethodContext CONTEXT = new MethodContext(PATTERN, STEPS, 5, 0.9, 7);

    /**
     * 1:2, three outputs of two inputs. Input 0 has rows 0 and 2: 2 is alone in the last block. Input 1 has rows 0 and 1, of
     * which -5 is the larger. Of equals the lower output stays.
     */
    @Test
    void prunesAlongTheOutputsByHand() {
        WeightShape shape = WeightShape.linear(3, 2);
        assertThat(prune(shape, "1:2", "110110", 1, 4, 9, -5, 0.1f, 9)).isEqualTo("100110");
        assertThat(prune(shape, "1:2", "110110", 1, 5, 9, -5, 0.1f, 9)).isEqualTo("110010");
        assertThat(prune(shape, "2:2", "110110", 1, 4, 9, -5, 0.1f, 9)).isEqualTo("110110");
    }

    private static String prune(WeightShape shape, String pattern, String rows, float... weights) {
        Mask rowMask = Mask.empty(shape);
        Storage storage = Storage.allocate(ElementType.FLOAT, weights.length);
        for (int i = 0; i < weights.length; i++) {
            rowMask.set(i, rows.charAt(i) == '1');
            storage.set(i, weights[i]);
        }
        Mask mask = Mask.full(shape);
        new OutputAxisSelection(NmPattern.parse(pattern)).select(storage.segment(), rowMask, mask);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < weights.length; i++) {
            text.append(mask.get(i) ? 1 : 0);
        }
        return text.toString();
    }

    /** Random row masks of many outputs: the expected min(K, N) / M of a binomial K, for example 1/2 - 3/32 at 2:4. */
    @ParameterizedTest
    @CsvSource({"2:4, 0.40625", "1:4, 0.1708984375", "2:8, 0.191600799560546875", "2:8/g4, 0.109375", "2:4/g4, 0.25"})
    void doublePruningDropsWhatCostsSay(String text, double expected) {
        NmPattern pattern = NmPattern.parse(text);
        WeightShape shape = WeightShape.linear(640, 256);
        Mask rowMask = Mask.empty(shape, pattern.rowGroup());
        new NmSelection(pattern).selectRandom(new SplittableRandom(3), rowMask);
        Storage weights = Storage.allocate(ElementType.FLOAT, shape.size());
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < shape.size(); i++) {
            weights.set(i, random.nextDouble() - 0.5);
        }
        Mask mask = Mask.empty(shape);
        new OutputAxisSelection(pattern).select(weights.segment(), rowMask, mask);
        assertThat(ThinnedDensity.expected(pattern)).isCloseTo(expected, within(1e-12));
        assertThat(mask.density()).isCloseTo(expected, within(5e-3));
        for (int column = 0; column < 256; column++) {
            for (int block = 0; block < 640; block += pattern.m()) {
                int kept = 0;
                for (int output = block; output < block + pattern.m(); output++) {
                    int i = output * 256 + column;
                    kept += mask.get(i) ? 1 : 0;
                    assertThat(mask.get(i) && !rowMask.get(i)).isFalse();
                }
                assertThat(kept).isLessThanOrEqualTo(pattern.n());
            }
        }
    }

    /** No adapters: the row mask stays, the other follows the weights every 10 steps, nothing else is ever nonzero. */
    @ParameterizedTest
    @EnumSource(RowMask.class)
    void masksAreStaticAndDoublyPruned(RowMask rowMask) {
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
        float[] initial = network.weightValues();
        TrainingMethod method = create(configuration(rowMask, 0), network);
        Mask mask = network.mask(method).copy();
        MaskPromise.EXACT.require(mask, PATTERN);
        Mask largest = Mask.empty(SHAPE);
        new NmSelection(PATTERN).select(initial, largest);
        assertThat(mask.difference(largest) == 0).isEqualTo(rowMask == RowMask.MAGNITUDE);
        Mask expected = Mask.empty(SHAPE);
        for (int step = 0; step < STEPS; step++) {
            ProductPlan plan = method.plan(0, network.now());
            assertThat(plan.weightGradient()).isEqualTo(plan.forward());
            assertThat(plan.effectiveWeights()).isNull();
            if (step % 10 == 0) {
                expected = bestByColumns(network.weightValues(), mask);
            }
            assertThat(((Support.Masked) plan.inputGradient()).mask().difference(expected)).isZero();
            assertThat(network.mask(method).difference(mask)).isZero();
            network.train(method);
            for (int i = 0; i < SHAPE.size(); i++) {
                assertThat(network.weights().get(i) != 0).isEqualTo(mask.get(i));
            }
        }
        assertThat(method.statistics().getFirst().density()).isEqualTo(0.5);
    }

    /** Of the kept ones in each 4 outputs (the last block has two), those that fewer than 2 exceed. */
    private static Mask bestByColumns(float[] w, Mask rowMask) {
        Mask mask = Mask.empty(SHAPE);
        int length = SHAPE.rowLength();
        for (int i = 0; i < w.length; i++) {
            int block = i / length / 4;
            int exceeding = 0;
            for (int output = 4 * block; output < Math.min(4 * block + 4, SHAPE.outputs()); output++) {
                int other = output * length + i % length;
                exceeding += rowMask.get(other) && Math.abs(w[other]) > Math.abs(w[i]) ? 1 : 0;
            }
            mask.set(i, rowMask.get(i) && exceeding < 2);
        }
        return mask;
    }

    /**
     * W_eff = w m + L R with dL = G R^T and dR = L^T G, in double precision, from step 20 on; on the loss and optimizer of
     * {@link FakeNetwork}. R is drawn behind the mask, by the generator of the layer, uniformly in +-1/sqrt(72).
     */
    @Test
    void adaptersTrainAsThePaperSays() {
        int rank = 2;
        int row = SHAPE.rowLength();
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
        TrainingMethod method = create(new SlopeConfiguration(RowMask.MAGNITUDE, 10, 0.5, 0.35, 5), network);
        Mask mask = network.mask(method).copy();
        for (int step = 0; step < 20; step++) {
            network.train(method);
        }
        double[] left = new double[SHAPE.outputs() * rank];
        double[] right = new double[rank * row];
        var random = LayerRandom.of(7, 0, 0);
        for (int i = 0; i < right.length; i++) {
            right[i] = (2 * random.nextDouble() - 1) / Math.sqrt(row);
        }
        double[] leftVelocity = new double[left.length];
        double[] rightVelocity = new double[right.length];
        for (int step = 20; step < STEPS; step++) {
            ProductPlan plan = method.plan(0, network.now());
            assertThat(plan.forward()).isEqualTo(Support.DENSE);
            assertThat(plan.inputGradient()).isEqualTo(Support.DENSE);
            assertThat(plan.weightGradient()).isEqualTo(Support.DENSE);
            float[] w = network.weightValues();
            double[] g = new double[w.length];
            var jitter = LayerRandom.of(4, 5, step);
            for (int i = 0; i < w.length; i++) {
                assertThat(w[i] != 0).isEqualTo(mask.get(i));
                double effective = w[i];
                for (int k = 0; k < rank; k++) {
                    effective += left[i / row * rank + k] * right[k * row + i % row];
                }
                assertThat(plan.effectiveWeights().get(i)).as("step %d", step).isCloseTo(effective, within(1e-6));
                g[i] = effective - (jitter.nextDouble() - 0.5) / 10;
            }
            double[] leftGradient = new double[left.length];
            double[] rightGradient = new double[right.length];
            for (int i = 0; i < w.length; i++) {
                for (int k = 0; k < rank; k++) {
                    leftGradient[i / row * rank + k] += g[i] * right[k * row + i % row];
                    rightGradient[k * row + i % row] += left[i / row * rank + k] * g[i];
                }
            }
            descend(left, leftVelocity, leftGradient);
            descend(right, rightVelocity, rightGradient);
            network.train(method);
        }
        assertThat(left).isNotEqualTo(new double[left.length]);
        assertThat(method.statistics().getFirst().density()).isEqualTo(1);
    }

    private static void descend(double[] values, double[] velocity, double[] gradient) {
        for (int i = 0; i < values.length; i++) {
            velocity[i] = 0.9 * velocity[i] + gradient[i];
            values[i] -= 0.05 * velocity[i];
        }
    }

    @Test
    void restoredRunsContinueInEachPhase() throws IOException {
        for (int steps : new int[]{0, 4, 15, 19, 20, 21, 33}) {
            SlopeConfiguration configuration = configuration(RowMask.RANDOM, 0.5);
            FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
            TrainingMethod method = create(configuration, network);
            for (int step = 0; step < steps; step++) {
                network.train(method);
            }
            TrainingMethod restored = new SlopeMethodFactory().create(configuration, CONTEXT);
            FakeNetwork copy = network.moveTo(method, restored);
            for (int step = steps; step < STEPS; step++) {
                network.train(method);
                copy.train(restored);
            }
            assertThat(copy.weightValues()).isEqualTo(network.weightValues());
            assertThat(effective(copy, restored)).isEqualTo(effective(network, method));
            assertThat(restored.statistics()).isEqualTo(method.statistics());
        }
    }

    private static double[] effective(FakeNetwork network, TrainingMethod method) {
        Storage storage = method.plan(0, network.now()).effectiveWeights();
        double[] values = new double[SHAPE.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = storage.get(i);
        }
        return values;
    }

    /** 24 inputs and 4 outputs differ by a factor of 6. */
    @Test
    void longLayersStayDense() {
        WeightShape shape = WeightShape.linear(4, 24);
        FakeNetwork network = new FakeNetwork(STEPS, shape);
        assertThat(create(SlopeConfiguration.defaults(), network).plan(0, network.now())).isEqualTo(ProductPlan.DENSE);
        FakeNetwork other = new FakeNetwork(STEPS, shape);
        SlopeConfiguration wider = new SlopeConfiguration(RowMask.RANDOM, 100, 0.01, 0.0156, 6);
        assertThat(create(wider, other).plan(0, other.now()).forward()).isInstanceOf(Support.Masked.class);
    }

    /** A layer of 512 x 1024 has rank round(0.0156 512) = 8: 8 (1/512 + 1/1024) = 0.0234375 of its dense cost. */
    @Test
    void costsWhatThePaperSays() {
        MethodContext context = new MethodContext(PATTERN, 10_000, 100, 0.9, 7);
        CostModel costs = new SlopeMethodFactory().costs(SlopeConfiguration.defaults(), context);
        WeightedLayer layer = new WeightedLayer("fc", LayerKind.LINEAR, WeightShape.linear(512, 1024), 1);
        CostModel onLayer = costs.on(layer);
        double share = 0.0234375;
        for (long step : new long[]{0, 9_899}) {
            assertThat(onLayer.at(Account.PAPER, step)).isEqualTo(new CostVector(0.5, 0.5, 1));
            assertThat(onLayer.at(Account.NM_HARDWARE, step)).isEqualTo(new CostVector(0.5, 0.5, 1));
            assertThat(onLayer.at(Account.CPU_EXECUTED, step)).isEqualTo(new CostVector(0.5, 0.40625, 0.5));
        }
        for (long step : new long[]{9_900, 9_999}) {
            assertThat(onLayer.at(Account.PAPER, step)).isEqualTo(new CostVector(0.5 + share, 0.5 + share, 1 + share));
            assertThat(onLayer.at(Account.NM_HARDWARE, step)).isEqualTo(new CostVector(0.5 + share, 1, 1 + share));
            assertThat(onLayer.at(Account.CPU_EXECUTED, step)).isEqualTo(CostVector.DENSE);
        }
        assertThat(onLayer.deployedDensity()).isEqualTo(0.5 + share);
        assertThat(new FlopsAccount(List.of(layer), PATTERN, 0).testRatio(costs)).isEqualTo(0.5 + share);
        WeightedLayer tall = new WeightedLayer("long", LayerKind.LINEAR, WeightShape.linear(100, 1024), 1);
        assertThat(new FlopsAccount(List.of(tall), PATTERN, 0).testRatio(costs)).isEqualTo(1);
        CostModel plain = new SlopeMethodFactory().costs(configuration(RowMask.RANDOM, 0), context);
        assertThat(plain.on(layer).deployedDensity()).isEqualTo(0.5);
    }

    @Test
    void namesKeysOfBadValues() {
        SlopeConfiguration bad = new SlopeConfiguration(RowMask.RANDOM, 0, 2, 0, 0.5);
        assertThat(new SlopeMethodFactory().problems(bad, CONTEXT))
                .containsExactly(
                        "interval is 0, expected at least 1 step",
                        "adapterShare is 2.0, expected 0 to 1",
                        "rankShare is 0.0, expected above 0, at most 1",
                        "maxAspectRatio is 0.5, expected at least 1");
    }

    private static SlopeConfiguration configuration(RowMask rowMask, double adapterShare) {
        return new SlopeConfiguration(rowMask, 10, adapterShare, 0.35, 5);
    }

    private static TrainingMethod create(SlopeConfiguration configuration, FakeNetwork network) {
        TrainingMethod method = new SlopeMethodFactory().create(configuration, CONTEXT);
        method.attach(List.of(network));
        return method;
    }
}
