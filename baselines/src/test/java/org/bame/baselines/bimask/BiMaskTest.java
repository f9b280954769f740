package org.bame.baselines.bimask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.bame.baselines.FakeNetwork;
import org.bame.baselines.srste.SrSteConfiguration;
import org.bame.baselines.srste.SrSteMethodFactory;
import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.flops.CostVector;
import org.bame.kernel.BatchLayout;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.ElementType;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.KernelProviders;
import org.bame.kernel.Kernels;
import org.bame.kernel.Storage;
import org.bame.method.LayerwiseMethod;
import org.bame.method.MethodContext;
import org.bame.method.ProductPlan;
import org.bame.method.Step;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.Support;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BiMaskTest {
    private static final int STEPS = 60;
    static final NmPattern PATTERN = new NmPattern(2, 4);
    private static final WeightShape SHAPE = new WeightShape(8, 3, 1, 16);
    private static final double LAMBDA = 0.01;
    private static final BiMaskMethodFactory FACTORY = new BiMaskMethodFactory();

    /** Column 0 is kept by outputs 0, 1 and 5, column 1 by the others. */
    @Test
    void backwardMaskIsTheForwardOneThinnedAlongTheOutputs() {
        FakeNetwork network = new FakeNetwork(STEPS, WeightShape.linear(6, 2));
        set(network.weights(), 3, -1, -4, 2, 1, -5, 2, 6, 0, 7, 8, 0);
        TrainingMethod method = create(new BiMaskConfiguration(10, 0, 2e-4), new NmPattern(1, 2));
        method.attach(List.of(network));
        assertThat(bits(network.mask(method))).isEqualTo("10 10 01 01 01 10");
        assertThat(bits(backward(method, network))).isEqualTo("00 10 00 01 01 10");
    }

    @Test
    void aGoodPermutationLosesNothing() {
        FakeNetwork network = new FakeNetwork(STEPS, WeightShape.linear(4, 2));
        set(network.weights(), 3, -1, -4, 2, 1, -5, 2, 6);
        TrainingMethod method = create(new BiMaskConfiguration(10, 100, 2e-4), new NmPattern(1, 2));
        method.attach(List.of(network));
        assertThat(bits(network.mask(method))).isEqualTo("10 10 01 01");
        assertThat(bits(backward(method, network))).isEqualTo("10 10 01 01");
    }

    /** Outputs that M does not divide: the last block of one output, by the rule of the class. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 8, 13})
    void backwardMaskIsNmInTheSearchedOrder(int outputs) {
        LayerwiseMethod<BiMaskLayer> method = create(new BiMaskConfiguration(20, 10, 2e-4), PATTERN);
        WeightShape shape = new WeightShape(outputs, 3, 1, 16);
        FakeNetwork network = new FakeNetwork(STEPS, shape);
        method.attach(List.of(network));
        for (int step = 0; step < STEPS; step++) {
            Mask forward = network.mask(method);
            Mask backward = backward(method, network);
            int[] order = method.layers().getFirst().outputOrder();
            assertThat(Arrays.stream(order).sorted().toArray()).isEqualTo(ascending(outputs));
            float[] weights = network.weightValues();
            for (int column = 0; column < shape.rowLength(); column++) {
                for (int from = 0; from < outputs; from += PATTERN.m()) {
                    requireTopN(forward, backward, weights, order, from, column);
                }
            }
            network.train(method);
        }
    }

    /** Of the block's kept weights in a column, the N largest stay. */
    private static void requireTopN(
            Mask forward, Mask backward, float[] weights, int[] order, int from, int column) {
        int candidates = 0;
        int kept = 0;
        float smallestKept = Float.POSITIVE_INFINITY;
        float largestDropped = 0;
        for (int place = from; place < Math.min(from + PATTERN.m(), order.length); place++) {
            int i = order[place] * forward.shape().rowLength() + column;
            float magnitude = Math.abs(weights[i]);
            assertThat(backward.get(i) && !forward.get(i)).isFalse();
            candidates += forward.get(i) ? 1 : 0;
            kept += backward.get(i) ? 1 : 0;
            smallestKept = backward.get(i) ? Math.min(smallestKept, magnitude) : smallestKept;
            largestDropped = forward.get(i) && !backward.get(i) ? Math.max(largestDropped, magnitude) : largestDropped;
        }
        assertThat(kept).isEqualTo(Math.min(PATTERN.n(), candidates));
        assertThat(smallestKept).isGreaterThanOrEqualTo(largestDropped);
    }

    /** The first of more permutations are the same, so more cannot be worse. */
    @Test
    void morePermutationsKeepMore() {
        int previous = 0;
        int least = 0;
        for (int permutations : new int[]{1, 2, 5, 20, 100}) {
            TrainingMethod method = create(new BiMaskConfiguration(100, permutations, 2e-4), PATTERN);
            FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
            method.attach(List.of(network));
            int survivors = backward(method, network).count();
            assertThat(survivors).isBetween(previous, network.mask(method).count() - 1);
            previous = survivors;
            least = least == 0 ? survivors : least;
        }
        assertThat(previous).isGreaterThan(least);
    }

    @Test
    void permutationsChangeOnceAnIntervalWhoeverAsks() {
        LayerwiseMethod<BiMaskLayer> method = create(new BiMaskConfiguration(20, 5, 2e-4), PATTERN);
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
        method.attach(List.of(network));
        int[] previous = ascending(SHAPE.outputs());
        for (int step = 0; step < STEPS; step++) {
            Step asked = network.now();
            method.plan(0, asked);
            int[] order = method.layers().getFirst().outputOrder().clone();
            assertThat(Arrays.equals(order, previous)).isEqualTo(step % 20 != 0);
            previous = order;
            network.train(method);
            method.plan(0, asked);
            assertThat(method.layers().getFirst().outputOrder()).isEqualTo(order);
        }
    }

    /** methods.md 6.2: with the forward mask in the input gradient it is SR-STE; with its own it is not. */
    @Test
    void withTheForwardMaskItIsSrSte() {
        TrainingMethod srSte = new SrSteMethodFactory().create(new SrSteConfiguration(LAMBDA), context(PATTERN));
        float[] expected = new ChainNetwork(ProductPlan::inputGradient).train(srSte, STEPS);
        BiMaskConfiguration memoryOrder = new BiMaskConfiguration(20, 0, LAMBDA);
        assertThat(new ChainNetwork(ProductPlan::forward).train(create(memoryOrder, PATTERN), STEPS)).isEqualTo(
                expected);
        assertThat(new ChainNetwork(ProductPlan::inputGradient).train(create(memoryOrder, PATTERN), STEPS))
                .isNotEqualTo(expected);
    }

    @Test
    void trainsAsThePaperSays() {
        TrainingMethod method = create(new BiMaskConfiguration(20, 0, LAMBDA), new NmPattern(1, 2));
        assertThat(new ChainNetwork(ProductPlan::inputGradient).train(method, STEPS)).isEqualTo(reference());
    }

    /** methods.md 5.4 for 1:2 in memory order, on {@link ChainNetwork}, in its precision. */
    private static float[] reference() {
        float[][] weights = ChainNetwork.initialWeights();
        int width = ChainNetwork.WIDTH;
        for (int step = 0; step < STEPS; step++) {
            double[][] sample = ChainNetwork.sample(step);
            double[] hidden = product(weights[0], sample[0]);
            double[] y = product(weights[1], hidden);
            double[] dHidden = new double[width];
            float[][] gradients = new float[2][width * width];
            for (int i = 0; i < width * width; i++) {
                double dy = y[i / width] - sample[1][i / width];
                gradients[1][i] = (float) (dy * hidden[i % width]);
                // The vertical neighbour of an even and odd output.
                int rival = i ^ width;
                boolean larger = Math.abs(weights[1][i]) > Math.abs(weights[1][rival]);
                boolean stays = kept(weights[1], i) && (larger || !kept(weights[1], rival));
                dHidden[i % width] += stays ? weights[1][i] * dy : 0;
            }
            for (int i = 0; i < width * width; i++) {
                gradients[0][i] = (float) (dHidden[i / width] * sample[0][i % width]);
            }
            for (int layer = 0; layer < 2; layer++) {
                boolean[] forward = new boolean[width * width];
                for (int i = 0; i < forward.length; i++) {
                    forward[i] = kept(weights[layer], i);
                }
                for (int i = 0; i < forward.length; i++) {
                    float decay = forward[i] ? 0 : (float) LAMBDA * weights[layer][i];
                    float gradient = gradients[layer][i] + decay;
                    weights[layer][i] = (float) (weights[layer][i] - ChainNetwork.LEARNING_RATE * gradient);
                }
            }
        }
        float[] all = Arrays.copyOf(weights[0], 2 * width * width);
        System.arraycopy(weights[1], 0, all, width * width, width * width);
        return all;
    }

    private static boolean kept(float[] weights, int i) {
        return Math.abs(weights[i]) > Math.abs(weights[i ^ 1]);
    }

    private static double[] product(float[] weights, double[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < weights.length; i++) {
            y[i / x.length] += (kept(weights, i) ? weights[i] : 0) * x[i % x.length];
        }
        return y;
    }

    @Test
    void restoredRunsContinueBitByBit() throws IOException {
        BiMaskConfiguration configuration = new BiMaskConfiguration(20, 5, 2e-4);
        for (int steps : new int[]{0, 1, 19, 20, 21, 33}) {
            for (boolean evaluated : new boolean[]{false, true}) {
                TrainingMethod method = create(configuration, PATTERN);
                FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
                method.attach(List.of(network));
                for (int step = 0; step < steps; step++) {
                    network.train(method);
                }
                if (evaluated) {
                    method.plan(0, network.now());
                }
                TrainingMethod restored = create(configuration, PATTERN);
                FakeNetwork copy = network.moveTo(method, restored);
                for (int step = steps; step < STEPS; step++) {
                    assertThat(backward(restored, copy).difference(backward(method, network))).isZero();
                    network.train(method);
                    copy.train(restored);
                }
                assertThat(copy.weightValues()).isEqualTo(network.weightValues());
                assertThat(restored.statistics()).isEqualTo(method.statistics());
            }
        }
    }

    @Test
    void papersAndHardwareChargeTheDensity() {
        CostModel costs = FACTORY.costs(FACTORY.defaults(), context(new NmPattern(1, 8)));
        for (Account account : new Account[]{Account.PAPER, Account.NM_HARDWARE}) {
            assertThat(costs.at(account, 5)).isEqualTo(new CostVector(0.125, 0.125, 1));
        }
        assertThat(costs.deployedDensity()).isEqualTo(0.125);
    }

    /**
     * The mean of min(k, N) / M, k of M outputs kept, on a large random layer. Orders searched keep a little more; a layer of
     * only 16 groups of outputs a little less.
     */
    @ParameterizedTest
    @CsvSource({
        "2:4, 0, 0.40625",
        "2:4, 100, 0.40625",
        "1:4, 100, 0.1708984375",
        "2:8/g4, 0, 0.109375",
        "2:8/g4, 100, 0.191600799560546875"})
    void kernelsExecuteLess(String text, int permutations, double expected) {
        NmPattern pattern = NmPattern.parse(text);
        BiMaskConfiguration configuration = new BiMaskConfiguration(100, permutations, LAMBDA);
        CostVector charged =
                FACTORY.costs(configuration, context(pattern)).at(Account.CPU_EXECUTED, 5);
        assertThat(charged.forward()).isEqualTo(pattern.density());
        assertThat(charged.inputGradient()).isEqualTo(expected, within(1e-12));
        assertThat(charged.weightGradient()).isEqualTo(1);

        ConvolutionShape shape = ConvolutionShape.square(new FeatureShape(64, 2, 2), 64, 3, 1, 1);
        BatchLayout batch = BatchLayout.of(1);
        TrainingMethod method = create(configuration, pattern);
        FakeNetwork network = new FakeNetwork(STEPS, shape.weights());
        method.attach(List.of(network));
        Support support = method.plan(0, network.now()).inputGradient();
        long macs;
        try (Kernels kernels = KernelProviders.simd(1)) {
            macs = kernels.convolution(shape, batch)
                    .inputGradient(
                            support,
                            network.weights(),
                            Storage.allocate(ElementType.FLOAT, batch.elements(shape.output())),
                            Storage.allocate(ElementType.FLOAT, batch.elements(shape.input())));
        }
        double counted = (double) macs / shape.macsPerSample();
        assertThat(counted).isBetween(0.97 * expected, 1.02 * expected);
    }

    @Test
    void saysWhatIsWrong() {
        assertThat(FACTORY.problems(new BiMaskConfiguration(0, -1, -1), context(PATTERN)))
                .containsExactly(
                        "permutationInterval is 0, expected at least 1 step",
                        "permutations is -1, expected at least 0 (0: outputs stay in memory order)",
                        "lambda is -1.0, expected at least 0");
        assertThat(FACTORY.problems(FACTORY.defaults(), context(NmPattern.parse("2:4/g4")))).isEmpty();
    }

    private static LayerwiseMethod<BiMaskLayer> create(BiMaskConfiguration configuration, NmPattern pattern) {
        return BiMaskMethodFactory.layerwise(configuration, context(pattern));
    }

    private static MethodContext context(NmPattern pattern) {
        return new MethodContext(pattern, STEPS, FakeNetwork.STEPS_PER_EPOCH, 0.9, 7);
    }

    private static Mask backward(TrainingMethod method, FakeNetwork network) {
        return ((Support.Masked) method.plan(0, network.now()).inputGradient()).mask();
    }

    private static int[] ascending(int count) {
        int[] order = new int[count];
        Arrays.setAll(order, i -> i);
        return order;
    }

    private static void set(Storage weights, float... values) {
        assertThat(weights.type()).isEqualTo(ElementType.FLOAT);
        for (int i = 0; i < values.length; i++) {
            weights.set(i, values[i]);
        }
    }

    private static String bits(Mask mask) {
        StringBuilder bits = new StringBuilder();
        for (int i = 0; i < mask.shape().size(); i++) {
            bits.append(i > 0 && i % 2 == 0 ? " " : "").append(mask.get(i) ? 1 : 0);
        }
        return bits.toString();
    }
}
