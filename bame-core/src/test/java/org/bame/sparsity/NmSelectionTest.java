package org.bame.sparsity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NmSelectionTest {
    @Test
    void keepsTheLargestMagnitudes() {
        assertThat(select("2:4", 0.1f, -0.5f, 0.3f, 0.2f, -9, 8, 7, -10)).isEqualTo("01101001");
        assertThat(select("1:4", 0.1f, -0.5f, 0.3f, 0.2f, -9, 8, 7, -10)).isEqualTo("01000001");
        assertThat(select("3:4", 0.1f, -0.5f, 0.3f, 0.2f, -9, 8, 7, -10)).isEqualTo("01111101");
    }

    @Test
    void tiesGoToTheLowestIndex() {
        assertThat(select("1:4", 1, -1, 1, 1, 0, 0, -0f, 0)).isEqualTo("10001000");
        assertThat(select("2:4", 1, 2, -1, 1, 0, -0f, 0, 0)).isEqualTo("11001100");
        assertThat(select("3:4", 1, 2, -1, 1, 0, 0, 0, 0)).isEqualTo("11101110");
    }

    @Test
    void infinitiesAreLargestAndNotANumberIsAnError() {
        assertThat(select("1:4", 1, Float.MAX_VALUE, Float.NEGATIVE_INFINITY, 1)).isEqualTo("0010");
        for (String pattern : new String[]{"1:4", "2:4", "3:4", "4:4"}) {
            assertThatThrownBy(() -> select(pattern, 1, 2, 3, 4, 5, 6, Float.NaN, 7))
                    .isInstanceOf(ArithmeticException.class)
                    .hasMessageContaining("Score 6")
                    .hasMessageContaining("diverged");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1:1", "1:2", "1:3", "1:4", "2:4", "4:8", "2:8", "1:16", "2:16", "3:5", "5:12", "7:9",
                "16:16", "3:96"})
    void agreesWithSorting(String text) {
        NmPattern pattern = NmPattern.parse(text);
        SplittableRandom random = new SplittableRandom(text.hashCode());
        NmSelection selection = new NmSelection(pattern);
        for (int blocks : new int[]{1, 3, 7, 65, 1500}) {
            WeightShape shape = WeightShape.linear(blocks, pattern.m());
            Storage scores = Storage.allocate(ElementType.FLOAT, shape.size());
            float[] onHeap = new float[shape.size()];
            for (int i = 0; i < onHeap.length; i++) {
                // Few distinct values: many ties.
                onHeap[i] = (random.nextInt(21) - 10) / 8f;
                scores.set(i, onHeap[i]);
            }
            Mask expected = sorted(onHeap, shape, pattern);
            Mask mask = Mask.full(shape);
            int difference = mask.difference(expected);
            assertThat(selection.select(scores.segment(), mask)).isEqualTo(difference);
            assertThat(mask.difference(expected)).isZero();
            long version = mask.version();
            assertThat(selection.select(onHeap, mask)).isZero();
            assertThat(mask.version()).isEqualTo(version);
            MaskPromise.EXACT.require(mask, pattern);
        }
    }

    @Test
    void randomSelectionIsUniformReproducibleAndExact() {
        NmPattern pattern = new NmPattern(2, 4);
        WeightShape shape = WeightShape.linear(3000, 16);
        Mask mask = Mask.empty(shape);
        new NmSelection(pattern).selectRandom(new SplittableRandom(5), mask);
        MaskPromise.EXACT.require(mask, pattern);
        for (int place = 0; place < 4; place++) {
            int count = 0;
            for (int i = place; i < shape.size(); i += 4) {
                count += mask.get(i) ? 1 : 0;
            }
            // 12000 blocks: the standard deviation is 55.
            assertThat(count).isBetween(5700, 6300);
        }
        Mask again = Mask.empty(shape);
        new NmSelection(pattern).selectRandom(new SplittableRandom(5), again);
        assertThat(again.difference(mask)).isZero();
    }

    @Test
    void scoresRowsThatSharePositionsByTheSumOfMagnitudes() {
        float[] scores = {
            5, -1, 0, 4, 9, 0, 0, 0,
            0, -2, 3, -4, 0, -8, 0, -2,
            // A last group of one row.
            0, 1, -3, 2, 0, 0, 1, 0
        };
        assertThat(selectRows("1:4/g2", 3, scores)).isEqualTo("0001 1000 0001 1000 0010 0010");
        assertThat(selectRows("2:4/g2", 3, scores)).isEqualTo("1001 1100 1001 1100 0011 1010");
        // Alone, output 0 keeps its 5 and output 1 its -8.
        assertThat(selectRows("1:4", 3, scores)).isEqualTo("1000 1000 0001 0100 0010 0010");
        assertThat(selectRows("3:4/g8", 3, scores)).isEqualTo("1011 1101 1011 1101 1011 1101");
    }

    @Test
    void groupTiesGoToTheLowestIndexAndNotANumberIsAnError() {
        assertThat(selectRows("1:4/g2", 2, 1, 2, 0, 3, -3, 2, -4, 0)).isEqualTo("1000 1000");
        assertThat(selectRows("1:2/g2", 2, Float.MAX_VALUE, Float.NEGATIVE_INFINITY, Float.MAX_VALUE, 1))
                .isEqualTo("10 10");
        assertThatThrownBy(() -> selectRows("1:2/g2", 2, 1, 2, 3, Float.NaN))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("Score 1 of weights 2x1x1x2, or another at its position in its group, is NaN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1:4/g2", "2:4/g4", "1:16/g3", "3:5/g4", "4:4/g2", "3:96/g16"})
    void groupsAgreeWithSelectingBySums(String text) {
        NmPattern pattern = NmPattern.parse(text);
        SplittableRandom random = new SplittableRandom(text.hashCode());
        NmSelection selection = new NmSelection(pattern);
        for (int outputs : new int[]{1, 2, 5, 16, 17}) {
            WeightShape shape = new WeightShape(outputs, 3, 3, pattern.m() * (1 + random.nextInt(70)));
            float[] scores = new float[shape.size()];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = (random.nextInt(21) - 10) / 8f;
            }
            Mask expected = Mask.empty(shape);
            for (int first = 0; first < outputs; first += pattern.rowGroup()) {
                int rows = Math.min(pattern.rowGroup(), outputs - first);
                float[] sums = new float[shape.rowLength()];
                for (int i = 0; i < rows * sums.length; i++) {
                    sums[i % sums.length] += Math.abs(scores[first * sums.length + i]);
                }
                WeightShape one = WeightShape.linear(1, sums.length);
                Mask chosen = sorted(sums, one, pattern);
                for (int i = 0; i < rows * sums.length; i++) {
                    expected.set(first * sums.length + i, chosen.get(i % sums.length));
                }
            }
            Mask promising = Mask.full(shape, pattern.rowGroup());
            int difference = promising.difference(expected);
            assertThat(selection.select(scores, promising)).isEqualTo(difference);
            assertThat(promising.difference(expected)).isZero();
            MaskPromise.EXACT.require(promising, pattern);
            Mask free = Mask.empty(shape);
            selection.select(scores, free);
            assertThat(free.difference(expected)).isZero();
        }
    }

    @Test
    void randomGroupsAreUniformAndExact() {
        NmPattern pattern = NmPattern.parse("1:4/g4");
        WeightShape shape = WeightShape.linear(30_000, 4);
        Mask mask = Mask.empty(shape, 4);
        new NmSelection(pattern).selectRandom(new SplittableRandom(5), mask);
        MaskPromise.EXACT.require(mask, pattern);
        assertThat(mask.rowsAgree(8)).isFalse();
        for (int place = 0; place < 4; place++) {
            int count = 0;
            for (int i = place; i < shape.size(); i += 4) {
                count += mask.get(i) ? 1 : 0;
            }
            // 7500 groups of 4 rows: the standard deviation is 4 x 38.
            assertThat(count).isBetween(6900, 8100);
        }
    }

    @Test
    void drawsOfSingleRowsAreThoseOfAllPatterns() {
        Mask mask = Mask.empty(WeightShape.linear(3, 8));
        new NmSelection(new NmPattern(1, 4)).selectRandom(new SplittableRandom(7), mask);
        SplittableRandom random = new SplittableRandom(7);
        for (int block = 0; block < 6; block++) {
            int largest = 0;
            int[] draws = new int[4];
            for (int i = 0; i < 4; i++) {
                draws[i] = random.nextInt(0x7f80_0000);
                largest = draws[i] > draws[largest] ? i : largest;
            }
            assertThat(mask.nextKept(4 * block, 24)).isEqualTo(4 * block + largest);
        }
    }

    @Test
    void refusesMasksWithAnotherPromise() {
        Mask mask = Mask.empty(WeightShape.linear(4, 4), 4);
        assertThatThrownBy(() -> new NmSelection(NmPattern.parse("1:4/g2")).select(new float[16], mask))
                .hasMessageContaining("promises that each 4 outputs agree, which pattern 1:4/g2 breaks");
        assertThatThrownBy(() -> new NmSelection(NmPattern.parse("1:4")).select(new float[16], mask))
                .hasMessageContaining("row groups of 1");
    }

    @Test
    void namesTheRowThatDisagrees() {
        Mask mask = Mask.empty(WeightShape.linear(4, 4));
        for (int i : new int[]{0, 4, 9, 14}) {
            mask.set(i, true);
        }
        MaskPromise.EXACT.require(mask, NmPattern.parse("1:4"));
        assertThatThrownBy(() -> MaskPromise.EXACT.require(mask, NmPattern.parse("1:4/g2")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Output 3")
                .hasMessageContaining("1:4/g2");
    }

    @Test
    void namesTheBlockThatBreaksThePattern() {
        Mask mask = Mask.full(WeightShape.linear(1, 8));
        mask.set(0, false);
        mask.set(1, false);
        assertThatThrownBy(() -> MaskPromise.EXACT.require(mask, new NmPattern(2, 4)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Weights 4 to 7 of 1x1x1x8")
                .hasMessageContaining("keep 4, expected 2");
    }

    @Test
    void refusesTensorsThatDoNotFit() {
        NmSelection selection = new NmSelection(new NmPattern(2, 4));
        Mask mask = Mask.empty(WeightShape.linear(2, 6));
        assertThatThrownBy(() -> selection.select(new float[12], mask)).hasMessageContaining("6 inputs");
        assertThatThrownBy(() -> selection.select(new float[8], mask)).hasMessageContaining("8 scores");
        assertThatThrownBy(() -> selection.select(Storage.allocate(ElementType.DOUBLE, 12).segment(), mask))
                .hasMessageContaining("24 scores");
    }

    private static Mask sorted(float[] scores, WeightShape shape, NmPattern pattern) {
        Mask mask = Mask.empty(shape);
        for (int start = 0; start < scores.length; start += pattern.m()) {
            IntStream.range(start, start + pattern.m())
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> -Math.abs(scores[i])))
                    .limit(pattern.n())
                    .forEach(i -> mask.set(i, true));
        }
        return mask;
    }

    private static String select(String pattern, float... scores) {
        return selectRows(pattern, 1, scores).replace(" ", "");
    }

    /** Bits of the kept weights, a space after each block of a row. */
    private static String selectRows(String text, int outputs, float... scores) {
        NmPattern pattern = NmPattern.parse(text);
        Mask mask = Mask.empty(WeightShape.linear(outputs, scores.length / outputs), pattern.rowGroup());
        new NmSelection(pattern).select(scores, mask);
        StringBuilder bits = new StringBuilder();
        for (int i = 0; i < scores.length; i++) {
            bits.append(i > 0 && i % pattern.m() == 0 ? " " : "").append(mask.get(i) ? 1 : 0);
        }
        return bits.toString();
    }
}
