package org.bame.baselines.decay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bame.baselines.FakeNetwork;
import org.bame.baselines.decay.StructureDecayConfiguration.Variant;
import org.bame.flops.Account;
import org.bame.flops.CostModel;
import org.bame.flops.CostVector;
import org.bame.method.LayerRandom;
import org.bame.method.MethodContext;
import org.bame.method.ProductPlan;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StructureDecayTest {
    private static final WeightShape SHAPE = new WeightShape(3, 3, 3, 16);
    private static final int STEPS = 40;

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "1:16; NM; 15:16, 8:16, 4:16, 2:16, 1:16",
                "1:4; NM; 3:4, 2:4, 1:4",
                "2:4; NM; 3:4, 2:4",
                "2:8/g2; NM; 7:8/g2, 4:8/g2, 2:8/g2",
                "3:8; NM; 7:8, 6:8, 3:8",
                "3:4; NM; 3:4",
                "4:4; NM; 4:4",
                "1:8; DENSIFY; 1:64, 1:32, 1:16, 1:8",
                "1:8/g4; FINE; 8:64/g4, 4:32/g4, 2:16/g4, 1:8/g4"
            })
    void framesOfEachVariant(String target, Variant variant, String expected) {
        PatternFrames frames = PatternFrames.of(
                new StructureDecayConfiguration(variant, 8, 0, 0), context(NmPattern.parse(target)));
        assertThat(frames.patterns().stream().map(NmPattern::toString).collect(Collectors.joining(", ")))
                .isEqualTo(expected);
    }

    /** 40 steps: 4 dense, 28 of 3 frames (9 or 10 each), 8 of fine-tuning. */
    @Test
    void framesAreEqualTimes() {
        PatternFrames frames = PatternFrames.of(StructureDecayConfiguration.defaults(), context(new NmPattern(1, 4)));
        String course = IntStream.range(0, STEPS)
                .mapToObj(step -> frames.isDense(step) ? "d" : String.valueOf(frames.frame(step)))
                .collect(Collectors.joining());
        assertThat(course).isEqualTo("dddd" + "000000000" + "111111111" + "2222222222" + "22222222");
        PatternFrames one = PatternFrames.of(
                new StructureDecayConfiguration(Variant.NM, 8, 0.975, 0), context(new NmPattern(1, 4)));
        assertThat(one.isDense(38)).isTrue();
        assertThat(one.frame(39)).isEqualTo(2);
    }

    /** methods.md 5.11 by sorting, on the loss and optimizer of {@link FakeNetwork}, in its precision. */
    @ParameterizedTest
    @EnumSource(Variant.class)
    void trainsAsThePaperSays(Variant variant) {
        StructureDecayConfiguration configuration = new StructureDecayConfiguration(variant, 4, 0.2, 0.2);
        // Dense for 8 steps, 3 frames of 8, the target for 8.
        int[][] kept = switch (variant) {
            case NM -> new int[][]{{3, 4}, {2, 4}, {1, 4}};
            case DENSIFY -> new int[][]{{1, 16}, {1, 8}, {1, 4}};
            case FINE -> new int[][]{{4, 16}, {2, 8}, {1, 4}};
        };
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
        float[] w = network.weightValues();
        float[] momentum = new float[w.length];
        TrainingMethod method = create(new NmPattern(1, 4), configuration, network);
        for (int step = 0; step < STEPS; step++) {
            boolean[] mask = new boolean[w.length];
            if (step < 8) {
                Arrays.fill(mask, true);
            } else {
                int[] pattern = kept[Math.min(2, (step - 8) / 8)];
                for (int block = 0; block < w.length; block += pattern[1]) {
                    float[] now = w;
                    IntStream.range(block, block + pattern[1])
                            .boxed()
                            .sorted(Comparator.comparing((Integer i) -> -Math.abs(now[i])))
                            .limit(pattern[0])
                            .forEach(i -> mask[i] = true);
                }
            }
            var jitter = LayerRandom.of(4, 5, step);
            for (int i = 0; i < w.length; i++) {
                float g = (float) ((mask[i] ? w[i] : 0) - (jitter.nextDouble() - 0.5) / 10);
                momentum[i] = (float) (0.9 * momentum[i] + g + 1e-2 * w[i]);
                w[i] = (float) (w[i] - 0.05 * momentum[i]);
            }
            network.train(method);
        }
        assertThat(network.weightValues()).containsExactly(w, within(1e-6f));
    }

    @Test
    void masksFollowTheFrames() {
        NmPattern target = NmPattern.parse("2:8/g2");
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
        StructureDecayConfiguration configuration = new StructureDecayConfiguration(Variant.NM, 8, 0.25, 0);
        TrainingMethod method = create(target, configuration, network);
        for (int step = 0; step < STEPS; step++) {
            if (step < 10) {
                assertThat(method.plan(0, network.now())).isEqualTo(ProductPlan.DENSE);
            } else {
                MaskPromise.EXACT.require(
                        network.mask(method), target.withN(List.of(7, 4, 2).get((step - 10) / 10)));
                assertThat(network.mask(method).rowGroup()).isEqualTo(2);
            }
            network.train(method);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 8, 9, 15, 16, 17, 30, 36})
    void restoredRunsContinueBitByBit(int steps) throws IOException {
        StructureDecayConfiguration configuration = new StructureDecayConfiguration(Variant.FINE, 4, 0.2, 0.2);
        NmPattern pattern = new NmPattern(1, 4);
        FakeNetwork network = new FakeNetwork(STEPS, SHAPE);
        TrainingMethod method = create(pattern, configuration, network);
        for (int step = 0; step < steps; step++) {
            network.train(method);
        }
        TrainingMethod restored = new StructureDecayMethodFactory().create(configuration, context(pattern));
        FakeNetwork copy = network.moveTo(method, restored);
        for (int step = steps; step < STEPS; step++) {
            network.train(method);
            copy.train(restored);
        }
        assertThat(copy.weightValues()).isEqualTo(network.weightValues());
        assertThat(restored.statistics()).isEqualTo(method.statistics());
    }

    @Test
    void costsTheDensityOfTheFrame() {
        CostModel costs = new StructureDecayMethodFactory()
                .costs(new StructureDecayConfiguration(Variant.NM, 8, 0.25, 0), context(new NmPattern(1, 4)));
        double[] densities = {1, 0.75, 0.5, 0.25};
        for (int step = 0; step < STEPS; step++) {
            double d = densities[step / 10];
            assertThat(costs.at(Account.PAPER, step)).isEqualTo(new CostVector(d, 1, 1));
            assertThat(costs.at(Account.CPU_EXECUTED, step)).isEqualTo(new CostVector(d, d, 1));
            assertThat(costs.at(Account.NM_HARDWARE, step)).isEqualTo(new CostVector(d, 1, 1));
        }
        assertThat(costs.deployedDensity()).isEqualTo(0.25);
    }

    @Test
    void refusesLayersThatAFrameDoesNotFit() {
        StructureDecayConfiguration wide = new StructureDecayConfiguration(Variant.DENSIFY, 8, 0, 0);
        assertThatThrownBy(() -> create(new NmPattern(1, 4), wide, new FakeNetwork(STEPS, SHAPE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("16 inputs")
                .hasMessageContaining("1:32")
                .hasMessageContaining("lower span");
    }

    @Test
    void namesKeysOfBadValues() {
        StructureDecayMethodFactory factory = new StructureDecayMethodFactory();
        MethodContext context = context(new NmPattern(1, 4));
        assertThat(factory.problems(new StructureDecayConfiguration(Variant.NM, 3, 1, 0), context)).containsExactly(
                "denseFraction is 1.0, expected at least 0, below 1", "span is 3, expected a power of 2 from 2 to 64");
        // Asked for before anything is checked.
        assertThat(factory.costs(new StructureDecayConfiguration(Variant.FINE, -1, 0, 0), context).deployedDensity())
                .isEqualTo(0.25);
    }

    private static TrainingMethod create(
            NmPattern pattern, StructureDecayConfiguration configuration, FakeNetwork network) {
        TrainingMethod method = new StructureDecayMethodFactory().create(configuration, context(pattern));
        method.attach(List.of(network));
        return method;
    }

    private static MethodContext context(NmPattern pattern) {
        return new MethodContext(pattern, STEPS, 5, 0.9, 7);
    }
}
