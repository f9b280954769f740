package org.bame.baselines.hrbp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bame.baselines.FakeNetwork;
import org.bame.baselines.ShortRun;
import org.bame.baselines.dynamic.DropAndGrow;
import org.bame.baselines.dynamic.Growth;
import org.bame.baselines.dynamic.Topologies;
import org.bame.baselines.hrbp.HrbpConfiguration.InitialMask;
import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.method.MethodContext;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.SparsityPattern;
import org.bame.sparsity.UnstructuredPattern;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HrbpTest {
    private static final int STEPS = 60;
    /** Four outputs, kernels of two weights, four inputs. */
    private static final WeightShape SMALL = new WeightShape(4, 1, 2, 4);

    @Test
    void outputsWithSimilarMasksFormGroups() {
        assertThat(groups(2, "1100", "0011", "1100", "0111")).containsExactly(0, 1, 0, 1);
        // The second opens no group: 1/3 with the first is more than the others' 0, and of these the third is first.
        assertThat(groups(3, "1100", "0110", "0011", "0011", "0011")).containsExactly(0, 0, 0, 1, 1);
        assertThat(groups(2, "0000", "1000", "0000")).containsExactly(0, 1, 0);
        assertThat(groups(1, "1100", "1100")).containsExactly(0, 1);
        assertThat(groups(9, "1100", "0011")).containsExactly(0, 0);
    }

    /**
     * Norms of kernels, by output: 8 6 1 1, 1 1 7 5, 5 9 2 1, 1 3 6 4. The eight largest make outputs 0 and 2 a group, and 1
     * and 3; sums by channel are 13 15 3 2 and 2 4 13 9, of which half the channels stay.
     */
    @Test
    void groupsKeepTheirStrongestChannelsWhole() {
        FakeNetwork layer = layer(new float[]{8, 6, 1, 1, 1, 1, 7, 5, 5, 9, 2, 1, 1, 3, 6, 4});
        Mask mask = Mask.empty(SMALL);
        topology(layer, Growth.GRADIENT).begin(mask);
        assertThat(Topologies.text(mask, 4)).isEqualTo("1100 1100 0011 0011 1100 1100 0011 0011");
    }

    /**
     * A quarter of the 8 kernels goes: norm 4 (output 3, channel 3) and the second of two 5s (output 2, channel 0). Channel 1
     * of outputs 1 and 3 comes. Groups stay: similarities with output 0 are 1/4, 1/2 and 1/3. A grown kernel counts 41/6,
     * the mean of the six that stay, so that outputs 1 and 3 have sums 0 13.7 13 5.
     */
    @Test
    void channelsFollowTheGradients() {
        float[] weights = taps(new float[]{8, 6, 0, 0, 0, 0, 7, 5, 5, 9, 0, 0, 0, 0, 6, 4});
        float[] gradient = taps(new float[]{0, 0, 1, 1, 1, 9, 0, 0, 2, 0, 0, 0, 0, 10, 0, 3});
        String next = Topologies.evolve(
                topology(layer(weights), Growth.GRADIENT), weights, gradient, 0.25, Mask.empty(SMALL));
        assertThat(next).isEqualTo("11001100 01100110 11001100 01100110");
    }

    @ParameterizedTest
    @EnumSource(Growth.class)
    void masksOfARunAreBlocksOfWholeKernels(Growth growth) {
        WeightShape shape = new WeightShape(10, 3, 3, 16);
        for (InitialMask initial : InitialMask.values()) {
            HrbpConfiguration configuration =
                    new HrbpConfiguration(4, ShortRun.INTERVAL, 0.3, 0.75, initial, growth);
            FakeNetwork network = new FakeNetwork(STEPS, shape, new UnstructuredPattern(0.25));
            TrainingMethod method = create(network, configuration);
            for (int step = 0; step < STEPS; step++) {
                network.train(method);
                requireBlocks(network.mask(method), 4, 4);
            }
        }
    }

    /** Every kernel is whole or not there, every output keeps as many channels, and these come in groups that agree. */
    private static void requireBlocks(Mask mask, int channels, int groupSize) {
        WeightShape shape = mask.shape();
        Map<String, Integer> rows = new HashMap<>();
        for (int output = 0; output < shape.outputs(); output++) {
            StringBuilder row = new StringBuilder();
            int kept = 0;
            for (int input = 0; input < shape.inputs(); input++) {
                boolean first = mask.get(shape.index(output, 0, 0, input));
                for (int tap = 0; tap < 9; tap++) {
                    assertThat(mask.get(shape.index(output, tap / 3, tap % 3, input))).isEqualTo(first);
                }
                kept += first ? 1 : 0;
                row.append(first ? 1 : 0);
            }
            assertThat(kept).isEqualTo(channels);
            rows.merge(row.toString(), 1, Integer::sum);
        }
        assertThat(rows.size()).isBetween(1, Math.ceilDiv(shape.outputs(), groupSize));
    }

    /** Four outputs, kernels of two weights (a word each), four inputs, of which two stay. */
    @Test
    void masksThatAreNoBlocksAreFoundOut() {
        requireBlocksOfTwo("1100 1100 0011 0011 1100 1100 0011 0011");
        requireBlocksOfTwo("1100 1100 1100 1100 1100 1100 1100 1100");
        assertThatThrownBy(() -> requireBlocksOfTwo("1100 1000 0011 0011 1100 1100 0011 0011"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "The kernel of output 0 and input channel 1 of 4x1x2x4 keeps part of its weights, expected all"
                                + " or none");
        assertThatThrownBy(() -> requireBlocksOfTwo("1100 1100 0011 0011 1110 1110 0011 0011"))
                .hasMessageContaining("Output 2 of 4x1x2x4 keeps 3 input channels, expected 2 by pattern");
        assertThatThrownBy(() -> requireBlocksOfTwo("1100 1100 0011 0011 1100 1100 0110 0110"))
                .hasMessageContaining("leave 2 groups with fewer than 2, expected 0");
        // Three alike and one that is not: the group of that one is not full.
        assertThatThrownBy(() -> requireBlocksOfTwo("1100 1100 1100 1100 1100 1100 0011 0011"))
                .hasMessageContaining("leave 2 groups with fewer than 2, expected 0");
    }

    /** 7 and 3 outputs alike in groups of 4 make as many groups as 4, 4 and 2 do, but two of them are not full. */
    @Test
    void onlyOneGroupMayBePartial() {
        Mask mask = Mask.empty(new WeightShape(10, 1, 1, 2));
        for (int output = 0; output < 10; output++) {
            mask.set(2 * output + (output < 7 ? 0 : 1), true);
        }
        assertThatThrownBy(() -> new KernelBlocks(1, 4).require(mask, new UnstructuredPattern(0.5)))
                .hasMessageContaining("leave 2 groups with fewer than 4, expected 1");
    }

    private static void requireBlocksOfTwo(String kernels) {
        Mask mask = Mask.empty(SMALL);
        String kept = kernels.replace(" ", "");
        for (int i = 0; i < kept.length(); i++) {
            mask.set(i, kept.charAt(i) == '1');
        }
        UnstructuredPattern pattern = new UnstructuredPattern(0.5);
        topology(new FakeNetwork(STEPS, SMALL, pattern), Growth.GRADIENT).promise().require(mask, pattern);
    }

    @Test
    void randomGrowthNeedsNoDenseGradient() {
        HrbpConfiguration configuration =
                new HrbpConfiguration(4, ShortRun.INTERVAL, 0.3, 0.75, InitialMask.RANDOM, Growth.RANDOM);
        MethodContext context = context(new UnstructuredPattern(0.25));
        CostModel costs = new HrbpMethodFactory().costs(configuration, context);
        assertThat(costs.at(Account.PAPER, ShortRun.INTERVAL).sum()).isEqualTo(0.75);
        CostModel defaults = new HrbpMethodFactory().costs(ShortRun.of(HrbpConfiguration.defaults()), context);
        assertThat(defaults.at(Account.PAPER, ShortRun.INTERVAL).sum()).isEqualTo(1.5);
    }

    @Test
    void namesKeysOfBadValues() {
        HrbpMethodFactory factory = new HrbpMethodFactory();
        assertThat(factory.supports(new NmPattern(1, 4))).isFalse();
        HrbpConfiguration bad = new HrbpConfiguration(0, 7, 0.3, 0.75, InitialMask.RANDOM, Growth.RANDOM);
        assertThat(factory.problems(bad, context(new UnstructuredPattern(0.25))))
                .containsExactly("groupSize is 0, expected at least 1 output");
    }

    private static int[] groups(int size, String... rows) {
        Mask kernels = Mask.empty(WeightShape.linear(rows.length, rows[0].length()));
        for (int i = 0; i < kernels.shape().size(); i++) {
            kernels.set(i, rows[i / rows[0].length()].charAt(i % rows[0].length()) == '1');
        }
        return FilterGroups.of(kernels, size);
    }

    /** A layer whose kernels have these norms. */
    private static FakeNetwork layer(float[] norms) {
        FakeNetwork layer = new FakeNetwork(STEPS, SMALL, new UnstructuredPattern(0.5));
        float[] weights = norms.length == SMALL.size() ? norms : taps(norms);
        for (int i = 0; i < weights.length; i++) {
            layer.weights().set(i, weights[i]);
        }
        return layer;
    }

    /** Weights of kernels with these norms: a quarter in the first tap, three in the second, of opposite signs. */
    private static float[] taps(float[] norms) {
        float[] weights = new float[2 * norms.length];
        for (int i = 0; i < norms.length; i++) {
            int first = i / 4 * 8 + i % 4;
            weights[first] = norms[i] / 4;
            weights[first + 4] = -norms[i] * 3 / 4;
        }
        return weights;
    }

    private static KernelTopology topology(FakeNetwork layer, Growth growth) {
        HrbpConfiguration configuration =
                new HrbpConfiguration(2, ShortRun.INTERVAL, 0.3, 0.75, InitialMask.MAGNITUDE, growth);
        return new KernelTopology(layer, configuration, new DropAndGrow(), 7, 0);
    }

    private static TrainingMethod create(FakeNetwork network, HrbpConfiguration configuration) {
        TrainingMethod method = new HrbpMethodFactory().create(configuration, context(network.pattern()));
        method.attach(List.of(network));
        return method;
    }

    private static MethodContext context(SparsityPattern pattern) {
        return new MethodContext(pattern, STEPS, FakeNetwork.STEPS_PER_EPOCH, 0.9, 7);
    }
}
