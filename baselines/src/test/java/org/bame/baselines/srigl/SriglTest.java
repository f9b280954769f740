package org.bame.baselines.srigl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.bame.baselines.FakeNetwork;
import org.bame.baselines.ShortRun;
import org.bame.baselines.dynamic.DropAndGrow;
import org.bame.baselines.dynamic.Topologies;
import org.bame.method.MethodContext;
import org.bame.method.ProductPlan;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.FanInPattern;
import org.bame.sparsity.Mask;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.Support;
import org.bame.sparsity.UnstructuredPattern;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SriglTest {
    private static final WeightShape FOUR_BY_SIX = WeightShape.linear(4, 6);
    private static final WeightShape SHAPE = new WeightShape(8, 3, 3, 8);
    private static final int STEPS = 60;

    /** Fan-in 2. A quarter of 8 weights goes: 1 and 2. The largest gradients lie in the first two neurons. */
    private static final float[] WEIGHTS = {
        9, 8, 0, 0, 0, 0,
        7, 0, 6, 0, 0, 0,
        0, 0, 0, 5, 4, 0,
        0, 1, 0, 0, 0, 2
    };
    private static final float[] GRADIENT = {
        0, 0, 0, 10, 0, 0,
        -9, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0,
        3, 0, 0, 0, 4, 1
    };

    @Test
    void aNeuronWithoutSalientWeightsIsAblated() {
        // 8 weights for 3 neurons: fan-in 2 stays.
        assertThat(evolve(2, 0.3, WEIGHTS, GRADIENT, 0.25)).isEqualTo("110000 101000 000110 000000");
    }

    @Test
    void withoutAblationItFillsUpByItsOwnGradients() {
        assertThat(evolve(2, 0, WEIGHTS, GRADIENT, 0.25)).isEqualTo("110000 101000 000110 100010");
    }

    @Test
    void aSalientGradientKeepsANeuron() {
        float[] gradient = GRADIENT.clone();
        gradient[22] = 9.5f;
        assertThat(evolve(2, 0.3, WEIGHTS, gradient, 0.25)).isEqualTo("110000 101000 000110 100010");
    }

    /** Fan-in 3, three of twelve weights go. The last neuron is ablated: the others get 4, the fourth by gradient. */
    @Test
    void theOthersShareAnAblatedNeuronsWeights() {
        float[] weights = {
            9, 8, 7, 0, 0, 0,
            7, 0, 6, 9, 0, 0,
            0, 0, 8, 5, 4, 0,
            0, 1, 0, 0, 3, 2
        };
        float[] gradient = {
            0, 0, 0, 1, 2, 0,
            9, 3, 9, 0, 0, 9,
            5, 0, 0, 0, 0, 6,
            0, 0, 1, 0, 0, 0
        };
        assertThat(evolve(3, 0.3, weights, gradient, 0.25)).isEqualTo("111010 101101 001111 000000");
    }

    /** The ablated neuron's gradient is the largest: it comes back, and the others return to a fan-in of 3. */
    @Test
    void anAblatedNeuronReturnsByItsGradient() {
        float[] weights = {
            9, 8, 7, 6, 0, 0,
            7, 0, 6, 9, 5, 0,
            0, 0, 8, 5, 4, 3,
            0, 0, 0, 0, 0, 0
        };
        float[] gradient = new float[24];
        gradient[20] = 9;
        gradient[5] = 4;
        gradient[9] = 3;
        // Two of twelve go: 3 and 4, both of the third neuron, which fills up with the first weights.
        assertThat(evolve(3, 0.3, weights, gradient, 0.2)).isEqualTo("111000 101100 101100 111000");
    }

    /** 12 weights of fan-in 6: two neurons must stay, though but one has a salient weight. */
    @Test
    void asManyNeuronsStayAsTheWeightsNeedRoom() {
        float[] weights = new float[24];
        float[] gradient = new float[24];
        for (int i = 0; i < 3; i++) {
            weights[i] = 9;
            weights[i + 6] = i + 1;
            weights[i + 12] = 1;
            weights[i + 18] = 1;
        }
        // All but 5 go: the three 9, the 3 and the 2.
        assertThat(evolve(3, 0.7, weights, gradient, 0.6)).startsWith("111111 111111 000000 000000");
    }

    /** The masks of a run, worked out anew by sorting. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.3, 0.9})
    void masksOfARunAgreeWithSorting(double gammaSal) {
        int fanIn = 18;
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE, new FanInPattern(fanIn / 72.0));
        TrainingMethod method = create(network, gammaSal);
        int ablated = 0;
        for (int step = 0; step < STEPS; step++) {
            Mask before = network.mask(method).copy();
            float[] weights = network.weightValues();
            double[] gradient = network.gradientAt(method);
            network.train(method);
            if (step > 0 && step < 45 && step % ShortRun.INTERVAL == 0) {
                Mask expected = expected(before, weights, gradient, step, fanIn, gammaSal);
                assertThat(network.mask(method).difference(expected)).as("step %d", step).isZero();
                ablated = Math.max(ablated, emptyRows(expected));
            }
        }
        assertThat(ablated > 0).isEqualTo(gammaSal == 0.9);
    }

    private static Mask expected(
            Mask before, float[] weights, double[] gradient, int step, int fanIn, double gammaSal) {
        int length = SHAPE.rowLength();
        int dropped = (int) (0.15 * (1 + Math.cos(Math.PI * step / 45)) * before.count());
        Comparator<Integer> byWeight = Comparator.comparingDouble(i -> -Math.abs(weights[i]));
        Comparator<Integer> byGradient = Comparator.comparingDouble(i -> -Math.abs((float) gradient[i]));
        List<Integer> kept = best(0, weights.length, before::get, byWeight, before.count() - dropped);
        List<Integer> salient = best(0, weights.length, i -> true, byGradient, dropped);
        int threshold = gammaSal == 0 ? 0 : Math.max(1, (int) (gammaSal * fanIn));
        List<Integer> active = IntStream.range(0, SHAPE.outputs())
                .filter(output -> IntStream.range(output * length, (output + 1) * length)
                        .filter(i -> kept.contains(i) || salient.contains(i))
                        .count() >= threshold)
                .boxed()
                .toList();
        int own = SHAPE.outputs() * fanIn / active.size();
        Mask mask = Mask.empty(SHAPE);
        for (int output : active) {
            int first = output * length;
            List<Integer> staying = best(first, first + length, kept::contains, byWeight, own);
            staying.forEach(i -> mask.set(i, true));
            best(first, first + length, i -> !kept.contains(i), byGradient, own - staying.size())
                    .forEach(i -> mask.set(i, true));
        }
        return mask;
    }

    private static List<Integer> best(
            int from, int end, IntPredicate candidate, Comparator<Integer> order, int count) {
        return IntStream.range(from, end)
                .filter(candidate)
                .boxed()
                .sorted(order)
                .limit(count)
                .toList();
    }

    /** An ablated neuron's row is empty in all three products: they share one mask. */
    @Test
    void anAblatedNeuronIsInNoProduct() {
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE, new FanInPattern(0.25));
        TrainingMethod method = create(network, 0.9);
        for (int step = 0; step < STEPS; step++) {
            network.train(method);
        }
        ProductPlan plan = method.plan(0, network.now());
        assertThat(plan.forward()).isInstanceOf(Support.Masked.class);
        assertThat(plan.inputGradient()).isEqualTo(plan.forward());
        assertThat(plan.weightGradient()).isEqualTo(plan.forward());
        Mask mask = network.mask(method);
        int empty = emptyRows(mask);
        assertThat(empty).isPositive();
        int fanIn = 8 * 18 / (8 - empty);
        assertThat(mask.count()).isEqualTo(fanIn * (8 - empty));
    }

    /** 8 weights of fan-in 2: four outputs of 2, three of 2 (two weights are lost), two of 4 or one of 8, but not of 6 inputs. */
    @Test
    void activeNeuronsShareTheWeightsEqually() {
        MaskPromise promise = topology(2, 0.3).promise();
        for (String shared : List.of(
                "110000 101000 000110 100010", "110000 101000 000110 000000", "111100 000000 000000 110011")) {
            promise.require(mask(shared), new FanInPattern(2 / 6.0));
        }
        assertThatThrownBy(() -> promise.require(mask("110000 101000 000110 100000"), new FanInPattern(2 / 6.0)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("Output 3 of 4x1x1x6 keeps 1 weights, expected 0 or 2: the 8 of pattern")
                .hasMessageEndingWith("for 4 active outputs");
        assertThatThrownBy(() -> promise.require(mask("110000 000000 000000 110000"), new FanInPattern(2 / 6.0)))
                .hasMessageContaining("Output 0 of 4x1x1x6 keeps 2 weights, expected 0 or 4");
        assertThatThrownBy(() -> promise.require(Mask.empty(FOUR_BY_SIX), new FanInPattern(2 / 6.0)))
                .hasMessageContaining("Every output of 4x1x1x6 keeps 0 weights, expected 8 in all");
        // Without ablation no neuron may be empty.
        assertThatThrownBy(() -> topology(2, 0)
                .promise()
                .require(mask("110000 101000 000110 000000"), new FanInPattern(2 / 6.0)))
                .hasMessageContaining("Weights 18 to 23 of 4x1x1x6 keep 0, expected 2");
    }

    @Test
    void onlyConstantFanInFits() {
        SriglMethodFactory factory = new SriglMethodFactory();
        assertThat(factory.supports(new FanInPattern(0.1))).isTrue();
        assertThat(factory.supports(new NmPattern(1, 4))).isFalse();
        assertThat(factory.supports(new UnstructuredPattern(0.1))).isFalse();
        MethodContext context = new MethodContext(new FanInPattern(0.1), 1000, 100, 0.9, 1);
        assertThat(factory.problems(new SriglConfiguration(100, 0.3, 0.75, 1.2), context))
                .containsExactly("gammaSal is 1.2, expected 0 (no neuron is ablated) to 1");
    }

    private static int emptyRows(Mask mask) {
        int length = mask.shape().rowLength();
        return (int) IntStream.range(0, mask.shape().outputs())
                .filter(output -> mask.count(output * length, (output + 1) * length) == 0)
                .count();
    }

    private static String evolve(int fanIn, double gammaSal, float[] weights, float[] gradient, double share) {
        return Topologies.evolve(topology(fanIn, gammaSal), weights, gradient, share, Mask.empty(FOUR_BY_SIX));
    }

    private static FanInTopology topology(int fanIn, double gammaSal) {
        return new FanInTopology(FOUR_BY_SIX, new FanInPattern(fanIn / 6.0), new DropAndGrow(), gammaSal, 7, 0);
    }

    private static Mask mask(String rows) {
        Mask mask = Mask.empty(FOUR_BY_SIX);
        String kept = rows.replace(" ", "");
        for (int i = 0; i < kept.length(); i++) {
            mask.set(i, kept.charAt(i) == '1');
        }
        return mask;
    }

    private static TrainingMethod create(FakeNetwork network, double gammaSal) {
        MethodContext context = new MethodContext(network.pattern(), STEPS, FakeNetwork.STEPS_PER_EPOCH, 0.9, 7);
        SriglConfiguration configuration = new SriglConfiguration(ShortRun.INTERVAL, 0.3, 0.75, gammaSal);
        TrainingMethod method = new SriglMethodFactory().create(configuration, context);
        method.attach(List.of(network));
        return method;
    }
}
