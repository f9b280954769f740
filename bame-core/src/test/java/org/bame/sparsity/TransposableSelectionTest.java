package org.bame.sparsity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransposableSelectionTest {
    @Test
    void keepsLargeWeightsWhoseRowAndColumnHaveRoom() {
        assertThat(select("1:2", 2, 1, -5, 4, 3)).isEqualTo("01 10");
        // 9, 8, 7 and 6 fill rows 0 and 1; of 5, 4, 3 in column 0 two have room.
        assertThat(select("2:4", 4, 9, -8, 0, 1, 0, 2, 7, -6, 5, 0, 0, 1, 4, 3, 0, 1))
                .isEqualTo("1100 0011 1001 0110");
    }

    @Test
    void tiesGoToTheLowestIndex() {
        assertThat(select("1:3", 3, 1, -1, 1, 1, 1, 1, 1, 1, 1)).isEqualTo("100 010 001");
    }

    /** Greedy keeps 9, 8, 7, 6 and 5, and row 2 lacks a weight; the least loss is 3 + 2 for 7. */
    @Test
    void augmentsARowThatGreedyLeavesShort() {
        assertThat(select("2:3", 3, 9, 8, 1, 7, 6, 2, 3, 0, 5)).isEqualTo("110 011 101");
    }

    @Test
    void tilesLieAtOneKernelPosition() {
        // Two outputs, two kernel positions, two inputs: position 0 is the tile (1 2; 3 9), position 1 (8 1; 1 1).
        WeightShape shape = new WeightShape(2, 1, 2, 2);
        Mask mask = Mask.empty(shape);
        new TransposableSelection(new NmPattern(1, 2)).select(new float[]{1, 2, 8, 1, 3, 9, 1, 1}, mask);
        assertThat(bits(mask, 2)).isEqualTo("10 10 01 01");
    }

    @Test
    void consecutiveTilesAreRunsOfWeights() {
        WeightShape shape = new WeightShape(2, 1, 2, 2);
        Mask mask = Mask.empty(shape);
        NmPattern pattern = new NmPattern(1, 2);
        new TransposableSelection(pattern, TileLayout.CONSECUTIVE, new GreedyTileSolver(pattern))
                .select(new float[]{1, 2, 8, 1, 3, 9, 1, 1}, mask);
        assertThat(bits(mask, 2)).isEqualTo("01 10 01 10");
    }

    /** Two rows of a tile of 4: each keeps 2, and no column more than 2. */
    @Test
    void lastTilesMayHaveFewerRows() {
        assertThat(select("2:4", 2, 9, 8, 1, 2, 7, 6, 1, 1)).isEqualTo("1100 1100");
        assertThat(select("1:4", 3, 9, 8, 1, 2, 7, 6, 1, 1, 5, 4, 3, 0)).isEqualTo("1000 0100 0010");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1:1", "1:2", "2:2", "1:4", "2:4", "3:4", "4:4", "2:8", "4:8", "7:8", "3:5", "1:16", "5:12",
                "8:16",
                "33:66"})
    void everyRowAndColumnKeepsN(String text) {
        NmPattern pattern = NmPattern.parse(text);
        SplittableRandom random = new SplittableRandom(text.hashCode());
        TransposableSelection selection = new TransposableSelection(pattern);
        int m = pattern.m();
        for (int outputs : new int[]{1, m, m + 1, 2 * m, 3 * m - 1}) {
            for (int levels : new int[]{2, 10, 1 << 20}) {
                WeightShape shape = new WeightShape(outputs, 1, 3, m * (1 + random.nextInt(3)));
                float[] scores = scores(random, shape.size(), levels);
                Mask mask = Mask.full(shape);
                Mask before = mask.copy();
                assertThat(selection.select(scores, mask)).isEqualTo(mask.difference(before));
                requireCounts(mask, pattern);
                long version = mask.version();
                assertThat(selection.select(scores, mask)).isZero();
                assertThat(mask.version()).isEqualTo(version);
            }
        }
    }

    /** Counted without the class under test. */
    private static void requireCounts(Mask mask, NmPattern pattern) {
        WeightShape shape = mask.shape();
        int m = pattern.m();
        for (int position = 0; position < shape.kernelWidth(); position++) {
            for (int output = 0; output < shape.outputs(); output++) {
                for (int block = 0; block < shape.inputs(); block += m) {
                    int kept = 0;
                    for (int input = block; input < block + m; input++) {
                        kept += mask.get(shape.index(output, 0, position, input)) ? 1 : 0;
                    }
                    assertThat(kept).isEqualTo(pattern.n());
                }
            }
            for (int input = 0; input < shape.inputs(); input++) {
                for (int block = 0; block < shape.outputs(); block += m) {
                    int kept = 0;
                    for (int output = block; output < Math.min(block + m, shape.outputs()); output++) {
                        kept += mask.get(shape.index(output, 0, position, input)) ? 1 : 0;
                    }
                    if (block + m <= shape.outputs()) {
                        assertThat(kept).isEqualTo(pattern.n());
                    } else {
                        assertThat(kept).isLessThanOrEqualTo(pattern.n());
                    }
                }
            }
        }
    }

    /** methods.md 6.8, on the 90 masks of a 4 x 4 tile that keep 2 in every row and column. */
    @Test
    void greedyKeepsAtLeastHalfOfTheOptimum() {
        SplittableRandom random = new SplittableRandom(3);
        double worst = 1;
        double sum = 0;
        for (int trial = 0; trial < 2000; trial++) {
            float[] scores = scores(random, 16, trial % 2 == 0 ? 4 : 1 << 20);
            if (trial % 3 == 0) {
                // Magnitudes of many scales are greedy's worst case.
                for (int i = 0; i < scores.length; i++) {
                    scores[i] = (float) Math.scalb(scores[i], random.nextInt(12));
                }
            }
            Mask mask = Mask.empty(WeightShape.linear(4, 4));
            new TransposableSelection(new NmPattern(2, 4)).select(scores, mask);
            double kept = 0;
            for (int i = mask.nextKept(0, 16); i >= 0; i = mask.nextKept(i + 1, 16)) {
                kept += Math.abs(scores[i]);
            }
            double best = optimum(scores);
            assertThat(kept).isBetween(best / 2, best * (1 + 1e-6));
            worst = Math.min(worst, best == 0 ? 1 : kept / best);
            sum += best == 0 ? 1 : kept / best;
        }
        // Not always the optimum, or this would compare the optimum with itself.
        assertThat(worst).isLessThan(0.95);
        assertThat(sum / 2000).isGreaterThan(0.95);
    }

    private static double optimum(float[] scores) {
        double best = 0;
        for (int mask = 0; mask < 1 << 16; mask++) {
            if (Integer.bitCount(mask) != 8) {
                continue;
            }
            boolean regular = true;
            for (int i = 0; i < 4; i++) {
                regular &= Integer.bitCount(mask & 0xf << 4 * i) == 2 && Integer.bitCount(mask & 0x1111 << i) == 2;
            }
            if (regular) {
                double sum = 0;
                for (int i = 0; i < 16; i++) {
                    sum += (mask >> i & 1) * Math.abs(scores[i]);
                }
                best = Math.max(best, sum);
            }
        }
        return best;
    }

    @Test
    void infinitiesAreKeptAndNotANumberIsAnError() {
        assertThat(select("1:2", 2, Float.POSITIVE_INFINITY, 1, 3, Float.NEGATIVE_INFINITY)).isEqualTo("10 01");
        float huge = Float.POSITIVE_INFINITY;
        // Beside them nothing counts: the first of the swaps is made.
        assertThat(select("2:3", 3, huge, huge, 1, huge, huge, 2, 3, 0, huge)).isEqualTo("011 110 101");
        assertThatThrownBy(() -> select("1:2", 2, 1, 2, Float.NaN, 4))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("Score 2 of weights 2x1x1x2 is NaN")
                .hasMessageContaining("diverged");
    }

    @Test
    void refusesRowGroupsAndTensorsThatDoNotFit() {
        assertThatThrownBy(() -> new TransposableSelection(NmPattern.parse("2:4/g4")))
                .hasMessageContaining("Pattern 2:4/g4 makes outputs keep the same positions")
                .hasMessageContaining("as 2:4");
        TransposableSelection selection = new TransposableSelection(new NmPattern(2, 4));
        assertThatThrownBy(() -> selection.select(new float[12], Mask.empty(WeightShape.linear(2, 6))))
                .hasMessageContaining("6 inputs");
        assertThatThrownBy(() -> selection.select(new float[8], Mask.empty(WeightShape.linear(4, 4))))
                .hasMessageContaining("8 scores");
        assertThatThrownBy(() -> selection.select(new float[16], Mask.empty(WeightShape.linear(4, 4), 2)))
                .hasMessageContaining("promises that each 2 outputs agree");
    }

    /** As if every group were a layer of its own: 6 outputs by tiles of 4 rows and 2. */
    @Test
    void tilesEndWithTheirConvolutionsGroup() {
        NmPattern pattern = new NmPattern(2, 4);
        TransposableSelection selection = new TransposableSelection(pattern);
        WeightShape shape = new WeightShape(18, 3, 1, 8, 3);
        WeightShape part = new WeightShape(6, 3, 1, 8);
        float[] scores = scores(new SplittableRandom(9), shape.size(), 1 << 20);
        Mask mask = Mask.empty(shape);
        selection.select(scores, mask);
        for (int first = 0; first < scores.length; first += part.size()) {
            Mask alone = Mask.empty(part);
            selection.select(Arrays.copyOfRange(scores, first, first + part.size()), alone);
            for (int i = 0; i < part.size(); i++) {
                assertThat(mask.get(first + i)).isEqualTo(alone.get(i));
            }
        }
        OutputAxisPromise.inMemoryOrder(pattern, shape).require(mask, Support.of(mask));
    }

    private static float[] scores(SplittableRandom random, int size, int levels) {
        float[] scores = new float[size];
        for (int i = 0; i < size; i++) {
            scores[i] = random.nextInt(levels) * (random.nextBoolean() ? 1f : -1f);
        }
        return scores;
    }

    private static String select(String text, int outputs, float... scores) {
        NmPattern pattern = NmPattern.parse(text);
        Mask mask = Mask.empty(WeightShape.linear(outputs, scores.length / outputs));
        new TransposableSelection(pattern).select(scores, mask);
        return bits(mask, pattern.m());
    }

    private static String bits(Mask mask, int m) {
        StringBuilder bits = new StringBuilder();
        for (int i = 0; i < mask.shape().size(); i++) {
            bits.append(i > 0 && i % m == 0 ? " " : "").append(mask.get(i) ? 1 : 0);
        }
        return bits.toString();
    }
}
