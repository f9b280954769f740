package org.bame.baselines.fst;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
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

class FstTest {
    private static final NmPattern PATTERN = new NmPattern(2, 4);
    private static final WeightShape SHAPE = new WeightShape(6, 3, 3, 8);
    private static final int STEPS = 40;
    private static final MethodContext CONTEXT = new MethodContext(PATTERN, STEPS, 5, 0.9, 7);

    @Test
    void thereAreNinetyPatterns() {
        assertThat(TilePatterns.count()).isEqualTo(90);
        for (int pattern = 0; pattern < 90; pattern++) {
            int[] kept = new int[4];
            int bits = 0;
            for (int row = 0; row < 4; row++) {
                int columns = TilePatterns.columns(TilePatterns.pair(pattern, row));
                assertThat(Integer.bitCount(columns)).isEqualTo(2);
                bits = bits << 4 | columns;
                for (int column = 0; column < 4; column++) {
                    kept[column] += columns >> column & 1;
                }
            }
            assertThat(kept).containsOnly(2);
            assertThat(transposable(4)).contains(bits);
        }
        assertThat(transposable(4)).hasSize(90);
    }

    /**
     * Rows keep their two largest of 9 8 1 1, 9 8 1 1, 7 7 2 1 and 1 1 1 2 by themselves; then column 0 and 1 would have three
     * each. By hand: 9 8 | 9 8 leave columns 2 and 3 to the other rows, 7 7 is lost: 17 + 17 + 3 + 3 = 40. With 7 7 kept and
     * row 1 in columns 2 and 3: 17 + 2 + 14 + 3 = 36. Mixed, 9 8 | 9 1 | 1 7 ... have less than 40 as well.
     */
    @Test
    void takesTheBestTileByHand() {
        float[] weights = {9, -8, 1, 1, 9, 8, -1, 1, 7, -7, 2, 1, 1, 1, 1, -2};
        assertThat(rows(select(weights, WeightShape.linear(4, 4)))).isEqualTo("1100 1100 0011 0011");
    }

    /** All equal: the first pattern, in the order of pairs of columns 01 02 12 03 13 23 from the first row on. */
    @Test
    void tiesGoToTheFirstPattern() {
        float[] weights = new float[16];
        Arrays.fill(weights, 1);
        assertThat(rows(select(weights, WeightShape.linear(4, 4)))).isEqualTo("1100 1100 0011 0011");
    }

    /** Against all tiles of 1 to 4 rows that zeros can complete. */
    @Test
    void keepsTheLargestMagnitudeOfAll() {
        SplittableRandom random = new SplittableRandom(3);
        for (int outputs = 1; outputs <= 9; outputs++) {
            WeightShape shape = new WeightShape(outputs, 2, 3, 8);
            float[] weights = new float[shape.size()];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = (float) (random.nextDouble() - 0.5);
            }
            Mask mask = select(weights, shape);
            MaskPromise.EXACT.require(mask, PATTERN);
            assertThat(mask.difference(bestMask(weights, shape))).as("%d outputs", outputs).isZero();
        }
    }

    /** As if both groups of 6 outputs were layers of their own. */
    @Test
    void tilesEndWithTheirConvolutionsGroup() {
        SplittableRandom random = new SplittableRandom(4);
        WeightShape shape = new WeightShape(12, 2, 3, 8, 2);
        float[] weights = new float[shape.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) (random.nextDouble() - 0.5);
        }
        Mask mask = select(weights, shape);
        WeightShape part = new WeightShape(6, 2, 3, 8);
        for (int first = 0; first < weights.length; first += part.size()) {
            Mask alone = bestMask(Arrays.copyOfRange(weights, first, first + part.size()), part);
            for (int i = 0; i < part.size(); i++) {
                assertThat(mask.get(first + i)).isEqualTo(alone.get(i));
            }
        }
    }

    @Test
    void notANumberIsAnError() {
        float[] weights = new float[16];
        weights[6] = Float.NaN;
        assertThatThrownBy(() -> select(weights, WeightShape.linear(4, 4)))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("One of weights 4 to 7 of 4x1x1x4 is NaN");
    }

    /** methods.md 5.9 on the loss and optimizer of {@link FakeNetwork}: 10 steps a mask, the last quarter dense. */
    @Test
    void trainsAsThePaperSays() {
        FstConfiguration configuration = new FstConfiguration(10, 0.1, true, 0.25);
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
        TrainingMethod method = create(configuration, network);
        float[] w = network.weightValues();
        float[] momentum = new float[w.length];
        Mask mask = null;
        for (int step = 0; step < STEPS; step++) {
            if (step % 10 == 0) {
                mask = step < 30 ? bestMask(w, SHAPE) : Mask.full(SHAPE);
            }
            assertThat(network.mask(method).difference(mask)).as("step %d", step).isZero();
            var jitter = LayerRandom.of(4, 5, step);
            for (int i = 0; i < w.length; i++) {
                float g = (float) ((mask.get(i) ? w[i] : 0) - (jitter.nextDouble() - 0.5) / 10);
                g = mask.get(i) ? g : g + 0.1f * w[i];
                momentum[i] = (float) (0.9 * momentum[i] + g + 1e-2 * w[i]);
                w[i] = (float) (w[i] - 0.05 * momentum[i]);
            }
            network.train(method);
            assertThat(network.weightValues()).as("step %d", step).isEqualTo(w);
        }
        assertThat(method.statistics().getFirst().maskUpdates()).isEqualTo(3);
        assertThat(method.statistics().getFirst().density()).isEqualTo(1);
    }

    /** An evaluation after the update asks for the plan of the step before: the mask stays. */
    @Test
    void evaluationChoosesNoMask() {
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
        TrainingMethod method = create(new FstConfiguration(10, 0, true, 0), network);
        var first = network.now();
        Mask mask = network.mask(method).copy();
        network.train(method);
        for (int i = 0; i < SHAPE.size(); i++) {
            network.weights().set(i, -network.weights().get(SHAPE.size() - 1 - i));
        }
        assertThat(((Support.Masked) method.plan(0, first).forward()).mask().difference(mask)).isZero();
        assertThat(network.mask(method).difference(mask)).isZero();
    }

    @Test
    void plansSayWhatIsSampled() {
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
        TrainingMethod method = create(new FstConfiguration(40, 2e-4, true, 0.5), network);
        ProductPlan plan = method.plan(0, network.now());
        assertThat(plan.inputGradient()).isEqualTo(plan.forward()).isInstanceOf(Support.Masked.class);
        assertThat(plan.weightGradient()).isEqualTo(Support.DENSE);
        assertThat(plan.outputGradientSample()).isEqualTo(new OutputGradientSample(7, 0));
        for (int step = 0; step < 20; step++) {
            network.train(method);
        }
        assertThat(method.plan(0, network.now())).isEqualTo(ProductPlan.DENSE);
        FakeNetwork other = new FakeNetwork(STEPS, SHAPE);
        ProductPlan exact = create(new FstConfiguration(40, 2e-4, false, 0.5), other).plan(0, other.now());
        assertThat(exact.outputGradientSample()).isNull();
    }

    @Test
    void restoredRunsContinueInEachPhase() throws IOException {
        for (int steps : new int[]{0, 4, 15, 29, 30, 31, 37}) {
            FstConfiguration configuration = new FstConfiguration(10, 0.1, true, 0.25);
            FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
            TrainingMethod method = create(configuration, network);
            for (int step = 0; step < steps; step++) {
                network.train(method);
            }
            TrainingMethod restored = new FstMethodFactory().create(configuration, CONTEXT);
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
    void costsWhatThePaperSays() {
        FstMethodFactory factory = new FstMethodFactory();
        MethodContext context = new MethodContext(PATTERN, 300_000, 1000, 0.9, 7);
        CostModel costs = factory.costs(FstConfiguration.defaults(), context);
        CostVector half = new CostVector(0.5, 0.5, 0.5);
        for (long step : new long[]{0, 249_999}) {
            assertThat(costs.at(Account.PAPER, step)).isEqualTo(half);
            assertThat(costs.at(Account.NM_HARDWARE, step)).isEqualTo(half);
            assertThat(costs.at(Account.CPU_EXECUTED, step)).isEqualTo(new CostVector(0.5, 0.5, 1));
        }
        for (Account account : Account.values()) {
            assertThat(costs.at(account, 250_000)).isEqualTo(CostVector.DENSE);
        }
        assertThat(costs.deployedDensity()).isEqualTo(1);
        CostModel exact = factory.costs(new FstConfiguration(40, 0, false, 0), context);
        assertThat(exact.at(Account.PAPER, 299_999)).isEqualTo(new CostVector(0.5, 0.5, 1));
        assertThat(exact.deployedDensity()).isEqualTo(0.5);
    }

    @Test
    void saysWhatIsWrong() {
        FstMethodFactory factory = new FstMethodFactory();
        for (String text : List.of("1:4", "4:8", "2:4/g4")) {
            assertThat(factory.supports(NmPattern.parse(text))).isFalse();
            assertThat(factory.alternative(NmPattern.parse(text))).contains("90 transposable patterns", "transposable");
        }
        assertThat(factory.problems(new FstConfiguration(0, -1, true, 1.5), CONTEXT))
                .containsExactly(
                        "interval is 0, expected at least 1 step",
                        "lambda is -1.0, expected at least 0",
                        "denseShare is 1.5, expected 0 to 1");
    }

    private static TrainingMethod create(FstConfiguration configuration, FakeNetwork network) {
        TrainingMethod method = new FstMethodFactory().create(configuration, CONTEXT);
        method.attach(List.of(network));
        return method;
    }

    private static Mask select(float[] weights, WeightShape shape) {
        Storage storage = Storage.allocate(ElementType.FLOAT, weights.length);
        for (int i = 0; i < weights.length; i++) {
            storage.set(i, weights[i]);
        }
        Mask mask = Mask.empty(shape);
        new TileSelection().select(storage, mask);
        return mask;
    }

    /** The best mask tile by tile, by trying all. */
    private static Mask bestMask(float[] weights, WeightShape shape) {
        Mask mask = Mask.empty(shape);
        int length = shape.rowLength();
        for (int output = 0; output < shape.outputs(); output += 4) {
            int rows = Math.min(4, shape.outputs() - output);
            for (int column = 0; column < length; column += 4) {
                double best = -1;
                int bestBits = 0;
                for (int bits : transposable(rows)) {
                    double kept = 0;
                    for (int i = 0; i < 4 * rows; i++) {
                        int weight = (output + i / 4) * length + column + i % 4;
                        kept += (bits >> i & 1) * (double) Math.abs(weights[weight]);
                    }
                    if (kept > best) {
                        best = kept;
                        bestBits = bits;
                    }
                }
                for (int i = 0; i < 4 * rows; i++) {
                    mask.set((output + i / 4) * length + column + i % 4, (bestBits >> i & 1) != 0);
                }
            }
        }
        return mask;
    }

    /** All sets of two in each of the rows, which rows behind can complete to two in each column, as bits. */
    private static List<Integer> transposable(int rows) {
        return IntStream.range(0, 1 << 4 * rows)
                .filter(bits -> {
                    for (int i = 0; i < 4; i++) {
                        int missing = 2 - Integer.bitCount(bits >> i & 0x1111);
                        if (i < rows && Integer.bitCount(bits >> 4 * i & 0xf) != 2
                                || missing < 0 || missing > 4 - rows) {
                            return false;
                        }
                    }
                    return true;
                })
                .boxed()
                .toList();
    }

    private static String rows(Mask mask) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < mask.shape().size(); i++) {
            text.append(i > 0 && i % 4 == 0 ? " " : "").append(mask.get(i) ? 1 : 0);
        }
        return text.toString();
    }
}
