package org.bame.baselines.maxq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bame.baselines.FakeNetwork;
import org.bame.baselines.maxq.MaxQConfiguration.Ramp;
import org.bame.baselines.maxq.MaxQConfiguration.Schedule;
import org.bame.baselines.srste.SrSteConfiguration;
import org.bame.baselines.srste.SrSteMethodFactory;
import org.bame.flops.Account;
import org.bame.flops.FlopsAccount;
import org.bame.flops.WeightedLayer;
import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.bame.method.MethodContext;
import org.bame.method.MethodPhase;
import org.bame.method.TrainingMethod;
import org.bame.sparsity.LayerKind;
import org.bame.sparsity.Mask;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.NmSelection;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MaxQTest {
    private static final NmPattern PATTERN = new NmPattern(2, 4);
    private static final WeightShape SHAPE = new WeightShape(4, 3, 3, 8);

    @Test
    void withoutSoftMasksAndRampItIsSrSte() {
        MethodContext context = new MethodContext(PATTERN, 60, 5, 0.9, 7);
        MaxQConfiguration plain = configuration(Schedule.LINEAR, 0, Ramp.BLOCKS, false);
        float[] maxQ = run(new MaxQMethodFactory().create(plain, context));
        assertThat(maxQ).isEqualTo(run(new SrSteMethodFactory().create(SrSteConfiguration.defaults(), context)));
        assertThat(run(new MaxQMethodFactory().create(MaxQConfiguration.defaults(), context))).isNotEqualTo(maxQ);
    }

    /** One filter of a 1x1 layer: magnitudes 8 7 6 5 4 3 2 1 hundredths, N:M = 2:4, so 8 to 5 are kept, cut at 4.5. */
    @Test
    void strengthensByRankInTheFilter() {
        WeightShape shape = WeightShape.linear(1, 8);
        float[] stored = {0.08f, -0.01f, 0.02f, -0.07f, 0.03f, 0.04f, 0.05f, 0.06f};
        float[] effective = effective(shape, stored, MaxQConfiguration.defaults());
        assertThat(effective[0]).isEqualTo((float) (0.08 * (1 + sigmoid(3.5))), within(1e-6f));
        assertThat(effective[3]).isEqualTo((float) (-0.07 * (1 + sigmoid(2.5))), within(1e-6f));
        assertThat(effective[6]).isEqualTo((float) (0.05 * (1 + sigmoid(0.5))), within(1e-6f));
        assertThat(effective[7]).isEqualTo((float) (0.06 * (1 + sigmoid(1.5))), within(1e-6f));
        assertThat(new float[]{effective[1], effective[2], effective[4], effective[5]}).containsOnly(0);
    }

    @Test
    void addsTheRankAtTheKernelPositionIn3x3Layers() {
        SplittableRandom random = new SplittableRandom(4);
        float[] stored = new float[SHAPE.size()];
        for (int i = 0; i < stored.length; i++) {
            stored[i] = (float) (random.nextDouble() - 0.5) / 10;
        }
        float[] effective = effective(SHAPE, stored, MaxQConfiguration.defaults());
        Mask mask = Mask.empty(SHAPE);
        new NmSelection(PATTERN).select(stored, mask);
        for (int i = 0; i < stored.length; i++) {
            int row = SHAPE.rowLength();
            int position = i % row / SHAPE.inputs();
            float[] filter = Arrays.copyOfRange(stored, i / row * row, (i / row + 1) * row);
            float[] column = new float[SHAPE.outputs() * SHAPE.inputs()];
            for (int j = 0; j < column.length; j++) {
                column[j] = stored[j / SHAPE.inputs() * row + position * SHAPE.inputs() + j % SHAPE.inputs()];
            }
            double expected = stored[i] * (1 + bySorting(filter, stored[i]) + bySorting(column, stored[i]));
            assertThat(effective[i]).isEqualTo(mask.get(i) ? (float) expected : 0, within(1e-6f));
        }
    }

    @ParameterizedTest
    @EnumSource(Ramp.class)
    void rampEndsOnThePattern(Ramp ramp) {
        MethodContext context = new MethodContext(PATTERN, 60, 5, 0.9, 7);
        MaxQConfiguration configuration = configuration(Schedule.LINEAR, 0.5, ramp, true);
        TrainingMethod method = new MaxQMethodFactory().create(configuration, context);
        FakeNetwork network = new FakeNetwork(60, SHAPE, PATTERN);
        method.attach(List.of(network));
        // Epochs 0 to 6 of 12: p = 1 - e / 6, in 72 blocks.
        for (int step = 0; step < 60; step++) {
            Mask mask = network.mask(method);
            double p = Math.max(0, 1 - (step / 5) / 6.0);
            int dense = (int) Math.floor(p * 72);
            int expected = ramp == Ramp.SHRINK_N
                    ? 72 * (4 - (int) Math.floor(2 * (1 - p)))
                    : 4 * dense + 2 * (72 - dense);
            assertThat(mask.count()).as("step %d", step).isEqualTo(expected);
            network.train(method);
        }
        MaskPromise.EXACT.require(network.mask(method), PATTERN);
    }

    @Test
    void smallestBlocksStayDenseLongestUnlessInverse() {
        float[] stored = {1, 1, 1, 1, 3, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1};
        WeightShape shape = WeightShape.linear(1, 16);
        assertThat(denseBlocks(stored, shape, Ramp.BLOCKS, 0.25)).containsExactly(0);
        assertThat(denseBlocks(stored, shape, Ramp.BLOCKS, 0.6)).containsExactly(0, 3);
        assertThat(denseBlocks(stored, shape, Ramp.BLOCKS, 0.75)).containsExactly(0, 2, 3);
        assertThat(denseBlocks(stored, shape, Ramp.INVERSE_BLOCKS, 0.5)).containsExactly(1, 2);
        assertThat(denseBlocks(stored, shape, Ramp.BLOCKS, 1)).containsExactly(0, 1, 2, 3);
    }

    /**
     * Outputs 0 and 1 share blocks 0 and 1, output 2 has blocks 2 and 3: L1 norms a row are 8, 8, 4 and 12.
     */
    @Test
    void blocksOfOutputsThatSharePositionsStayDenseTogether() {
        float[] stored = {1, 1, 1, 1, 4, 4, 4, 4, 3, 3, 3, 3, 0, 0, 0, 0, 1, 1, 1, 1, 3, 3, 3, 3};
        assertThat(denseRows(stored, Ramp.BLOCKS, 0.25)).isEqualTo("00 00 10");
        assertThat(denseRows(stored, Ramp.BLOCKS, 0.5)).isEqualTo("10 10 10");
        assertThat(denseRows(stored, Ramp.BLOCKS, 0.75)).isEqualTo("11 11 10");
        assertThat(denseRows(stored, Ramp.INVERSE_BLOCKS, 0.25)).isEqualTo("00 00 01");
        // floor(2 (1 - 0.4)) = 1 of every 4 pruned.
        assertThat(denseRows(stored, Ramp.SHRINK_N, 0.4)).isEqualTo("00 00 00");
        assertThat(denseRows(stored, Ramp.SHRINK_N, 1)).isEqualTo("11 11 11");
    }

    /** Three outputs of two blocks each: 1 for a block whose row is dense. */
    private static String denseRows(float[] stored, Ramp ramp, double share) {
        NmPattern pattern = NmPattern.parse("2:4/g2");
        Mask mask = Mask.empty(WeightShape.linear(3, 8), 2);
        new ProgressiveMask(pattern, ramp).choose(storage(stored), share, mask);
        if (ramp == Ramp.SHRINK_N) {
            MaskPromise.EXACT.require(mask, share == 1 ? pattern.withN(4) : pattern.withN(3));
        }
        StringBuilder dense = new StringBuilder();
        for (int block = 0; block < 6; block++) {
            dense.append(block == 2 || block == 4 ? " " : "");
            dense.append(mask.count(4 * block, 4 * block + 4) == 4 ? 1 : 0);
        }
        return dense.toString();
    }

    /** Hundredths: 8 1 6 2 and 1 5 2 7, sums 9 6 8 9. Outputs keep their own cuts, at 4 and 3.5. */
    @Test
    void softMasksStayEachOutputsOwn() {
        float[] stored = {0.08f, 0.01f, -0.06f, 0.02f, -0.01f, 0.05f, 0.02f, 0.07f};
        NmPattern pattern = NmPattern.parse("2:4/g2");
        Mask mask = Mask.empty(WeightShape.linear(2, 4), 2);
        new ProgressiveMask(pattern, Ramp.BLOCKS).choose(storage(stored), 0, mask);
        Storage effective = Storage.allocate(ElementType.FLOAT, 8);
        new MultiAxisQuery(pattern, MaxQConfiguration.defaults()).compute(mask, storage(stored), effective);
        double[] expected = {
            0.08 * (1 + sigmoid(4)), 0, 0, 0.02,
            -0.01, 0, 0, 0.07 * (1 + sigmoid(3.5))
        };
        for (int i = 0; i < 8; i++) {
            assertThat(effective.get(i)).as("weight %d", i).isEqualTo(expected[i], within(1e-6));
        }
    }

    @ParameterizedTest
    @EnumSource(Schedule.class)
    void schedulesFallFromOneToZero(Schedule schedule) {
        DenseShareRamp ramp = new DenseShareRamp(schedule, 3, 13);
        assertThat(ramp.at(0)).isEqualTo(1);
        assertThat(ramp.at(3)).isEqualTo(1);
        for (int epoch = 4; epoch < 13; epoch++) {
            assertThat(ramp.at(epoch)).isBetween(0.0, ramp.at(epoch - 1));
        }
        assertThat(ramp.at(13)).isZero();
        assertThat(new DenseShareRamp(schedule, 0, 0).at(0)).isZero();
        assertThat(new DenseShareRamp(schedule, 0, 1).at(0)).isEqualTo(1);
    }

    @Test
    void schedulesHaveTheirFormulas() {
        assertThat(new DenseShareRamp(Schedule.LINEAR, 0, 8).at(2)).isEqualTo(0.75);
        assertThat(new DenseShareRamp(Schedule.CUBIC, 0, 8).at(4)).isEqualTo(0.125);
        assertThat(new DenseShareRamp(Schedule.COSINE, 0, 8).at(4)).isEqualTo(Math.sqrt(0.5), within(1e-12));
        assertThat(new DenseShareRamp(Schedule.EXPONENTIAL, 0, 8).at(7)).isZero();
        assertThat(new DenseShareRamp(Schedule.EXPONENTIAL, 0, 8).at(2))
                .isEqualTo(1 - (1 - Math.exp(-0.1)) / (1 - Math.exp(-0.35)), within(1e-12));
    }

    /** Two layers with the multiply-accumulates of ResNet-50's dense and sparsifiable layers (methods.md 3.3). */
    @ParameterizedTest
    @CsvSource({
        "2:4, 0.25, 0.859", "2:4, 0.75, 0.900", "1:4, 0.25, 0.789", "1:4, 0.75, 0.849", "1:8, 0.25, 0.753",
        "1:8, 0.75, 0.824", "1:16, 0.25, 0.736", "1:16, 0.75, 0.812"
    })
    void costsWhatThePaperSays(String text, double decayEnd, double expected) {
        NmPattern pattern = NmPattern.parse(text);
        long denseMacs = 118_013_952 + 2_048_000;
        long sparseMacs = 4_089_184_256L - denseMacs;
        List<WeightedLayer> layers = List.of(
                new WeightedLayer("dense", LayerKind.STEM, WeightShape.linear(1, 16), denseMacs / 16),
                new WeightedLayer("sparse", LayerKind.CONV, WeightShape.linear(1, 16), sparseMacs / 16));
        MethodContext context = new MethodContext(pattern, 120 * 50, 50, 0.9, 1);
        MaxQConfiguration configuration = configuration(Schedule.LINEAR, decayEnd, Ramp.BLOCKS, true);
        double ratio = new FlopsAccount(layers, pattern, 0)
                .trainRatio(new MaxQMethodFactory().costs(configuration, context), Account.PAPER, 120 * 50);
        assertThat(ratio).isEqualTo(expected, within(5e-4));
    }

    /** E epochs at dense shares 1, 1 - 1/E, ..., 1/E: timed from the first step of the ramp to its last, then nothing dense. */
    @ParameterizedTest
    @CsvSource({"20, 100", "25, 100", "3, 30", "0, 40", "7, 100", "2, 5"})
    void theRampIsTimedWhole(int untimedSteps, int timedSteps) {
        MethodPhase ramp = new MaxQMethodFactory().phases(untimedSteps, timedSteps).getFirst();
        MethodContext context = new MethodContext(PATTERN, ramp.totalSteps(), ramp.stepsPerEpoch(), 0.9, 7);
        MaxQConfiguration configuration = new MaxQConfiguration(
                Schedule.LINEAR, (double) ramp.options().get("decayStart"), (double) ramp.options().get("decayEnd"),
                Ramp.BLOCKS, true, true, 0.01, 2e-4);
        DenseShareRamp share = DenseShareRamp.of(configuration, context);
        double sum = 0;
        for (int step = untimedSteps; step < untimedSteps + timedSteps; step++) {
            sum += share.at(step / ramp.stepsPerEpoch());
        }
        double epochs = (double) timedSteps / ramp.stepsPerEpoch();
        assertThat(sum / timedSteps).isEqualTo((epochs + 1) / (2 * epochs), within(1e-9));
        assertThat(share.at((untimedSteps + timedSteps) / ramp.stepsPerEpoch())).isZero();
        assertThat(new MaxQMethodFactory().problems(configuration, context)).isEmpty();
    }

    /** Fractions are rounded to whole epochs: three quarters of one epoch are all of it. */
    @Test
    void aRampThatTheRunDoesNotEndIsRefused() {
        MaxQConfiguration late = configuration(Schedule.LINEAR, 0.75, Ramp.BLOCKS, true);
        MaxQMethodFactory factory = new MaxQMethodFactory();
        assertThat(factory.problems(late, new MethodContext(PATTERN, 20, 5, 0.9, 7))).isEmpty();
        assertThat(factory.problems(late, new MethodContext(PATTERN, 5, 5, 0.9, 7))).singleElement().asString()
                .startsWith("decayEnd is 0.75, which leaves a dense share of 1.0 in the last of 1.0 epochs");
    }

    @Test
    void namesKeysOfBadValues() {
        MaxQConfiguration bad = new MaxQConfiguration(Schedule.LINEAR, 0.5, 0.25, Ramp.BLOCKS, true, true, 0, -1);
        assertThat(new MaxQMethodFactory().problems(bad, new MethodContext(PATTERN, 60, 5, 0.9, 7)))
                .hasSize(3)
                .anySatisfy(problem -> assertThat(problem).isEqualTo(
                        "decayEnd is 0.25, expected decayStart (0.5) to 1"))
                .anySatisfy(problem -> assertThat(problem).startsWith("tau is 0.0"))
                .anySatisfy(problem -> assertThat(problem).startsWith("lambda is -1.0"));
    }

    @Test
    void selectionAgreesWithSorting() {
        SplittableRandom random = new SplittableRandom(9);
        for (int count = 1; count < 200; count++) {
            for (int distinct : new int[]{1, 2, 1 + count / 2, Integer.MAX_VALUE}) {
                int[] values = random.ints(count + 3, 0, distinct).toArray();
                int[] sorted = Arrays.copyOf(values, count);
                Arrays.sort(sorted);
                int[] beyond = Arrays.copyOfRange(values, count, values.length);
                int rank = random.nextInt(count);
                assertThat(OrderStatistic.select(values, count, rank)).isEqualTo(sorted[rank]);
                for (int i = 0; i < count; i++) {
                    assertThat(values[i])
                            .isBetween(i < rank ? 0 : sorted[rank], i > rank ? Integer.MAX_VALUE : sorted[rank]);
                }
                assertThat(Arrays.copyOfRange(values, count, values.length)).isEqualTo(beyond);
                int[] reordered = Arrays.copyOf(values, count);
                Arrays.sort(reordered);
                assertThat(reordered).isEqualTo(sorted);
            }
        }
    }

    @Test
    void sigmoidIsWithinItsStatedError() {
        for (double x = 0; x < 100; x += 0.001) {
            assertThat((double) SoftThreshold.sigmoid((float) x)).isEqualTo(sigmoid((float) x), within(3e-7));
        }
        assertThat(SoftThreshold.sigmoid(0)).isEqualTo(0.5f);
        assertThat(SoftThreshold.sigmoid(Float.POSITIVE_INFINITY)).isEqualTo(1);
    }

    private static float[] run(TrainingMethod method) {
        FakeNetwork network = new FakeNetwork(60, SHAPE, PATTERN);
        method.attach(List.of(network));
        for (int step = 0; step < 60; step++) {
            network.train(method);
        }
        return network.weightValues();
    }

    private static MaxQConfiguration configuration(Schedule schedule, double decayEnd, Ramp ramp, boolean soft) {
        return new MaxQConfiguration(schedule, 0, decayEnd, ramp, soft, soft, 0.01, 2e-4);
    }

    private static float[] effective(WeightShape shape, float[] stored, MaxQConfiguration configuration) {
        Mask mask = Mask.empty(shape);
        new NmSelection(PATTERN).select(stored, mask);
        Storage effective = Storage.allocate(ElementType.FLOAT, stored.length);
        new MultiAxisQuery(PATTERN, configuration).compute(mask, storage(stored), effective);
        float[] values = new float[stored.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) effective.get(i);
        }
        return values;
    }

    private static List<Integer> denseBlocks(float[] stored, WeightShape shape, Ramp ramp, double share) {
        Mask mask = Mask.empty(shape);
        new ProgressiveMask(PATTERN, ramp).choose(storage(stored), share, mask);
        return IntStream.range(0, shape.blocks(PATTERN))
                .filter(block -> mask.count(4 * block, 4 * block + 4) == 4)
                .boxed()
                .toList();
    }

    private static double bySorting(float[] values, float weight) {
        double[] magnitudes = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            magnitudes[i] = Math.abs(values[i]);
        }
        Arrays.sort(magnitudes);
        int pruned = values.length / 2;
        double magnitude = Math.abs(weight);
        double threshold = (magnitudes[pruned - 1] + magnitudes[pruned]) / 2;
        return magnitude >= magnitudes[pruned] ? sigmoid((magnitude - threshold) / 0.01) : 0;
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static Storage storage(float[] values) {
        Storage storage = Storage.allocate(ElementType.FLOAT, values.length);
        for (int i = 0; i < values.length; i++) {
            storage.set(i, values[i]);
        }
        return storage;
    }
}
