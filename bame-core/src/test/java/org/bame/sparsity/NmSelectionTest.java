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
            NmSelection.requireExactlyN(mask, pattern);
        }
    }

    @Test
    void randomSelectionIsUniformReproducibleAndExact() {
        NmPattern pattern = new NmPattern(2, 4);
        WeightShape shape = WeightShape.linear(3000, 16);
        Mask mask = Mask.empty(shape);
        new NmSelection(pattern).selectRandom(new SplittableRandom(5), mask);
        NmSelection.requireExactlyN(mask, pattern);
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
    void namesTheBlockThatBreaksThePattern() {
        Mask mask = Mask.full(WeightShape.linear(1, 8));
        mask.set(0, false);
        mask.set(1, false);
        assertThatThrownBy(() -> NmSelection.requireExactlyN(mask, new NmPattern(2, 4)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Block 1")
                .hasMessageContaining("keeps 4 weights, expected 2");
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
        Mask mask = Mask.empty(WeightShape.linear(1, scores.length));
        new NmSelection(NmPattern.parse(pattern)).select(scores, mask);
        StringBuilder bits = new StringBuilder();
        for (int i = 0; i < scores.length; i++) {
            bits.append(mask.get(i) ? 1 : 0);
        }
        return bits.toString();
    }
}
