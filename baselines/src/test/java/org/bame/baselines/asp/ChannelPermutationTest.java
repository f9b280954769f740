package org.bame.baselines.asp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.bame.sparsity.Mask;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.NmSelection;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelPermutationTest {

    /** 1:2 of |5 4| |1 2| keeps 5 and 2; with 4 and 1 exchanged, |5 1| |4 2|, it keeps 5 and 4. */
    @Test
    void keepsMoreInABetterOrder() {
        float[] weights = {5, -4, 1, 2};
        WeightShape shape = WeightShape.linear(1, 4);
        NmPattern pattern = new NmPattern(1, 2);
        int[] order = new ChannelPermutation(shape, pattern).search(storage(weights));
        assertThat(order).containsExactly(2, 1, 0, 3);
        Mask mask = Mask.empty(shape);
        assertThat(PermutedSelection.select(new NmSelection(pattern), storage(weights), order, mask)).isEqualTo(2);
        assertThat(mask.word(0)).isEqualTo(0b0011);
    }

    /** One order serves all outputs and kernel positions: here what suits the first row harms the second more. */
    @Test
    void rowsDecideTogether() {
        float[] weights = {5, -4, 1, 2, 9, 1, 1, 8};
        int[] order = new ChannelPermutation(WeightShape.linear(2, 4), new NmPattern(1, 2)).search(storage(weights));
        // Pairs of channels and what they keep: 01|23 5+2+9+8 = 24, 02|13 5+4+9+8 = 26, 03|12 5+4+9+1 = 19.
        assertThat(kept(weights, 4, order, 1, 2)).isEqualTo(26);
    }

    @ParameterizedTest
    @CsvSource({"1:4", "2:4", "3:4", "1:8", "2:8/g2", "1:4/g3", "4:4"})
    void endsOnAnNmMaskThatNoSwapImproves(String text) {
        NmPattern pattern = NmPattern.parse(text);
        WeightShape shape = new WeightShape(5, 3, 1, 16);
        float[] weights = random(shape.size());
        int[] order = new ChannelPermutation(shape, pattern).search(storage(weights));
        assertThat(Arrays.stream(order).sorted()).containsExactly(IntStream.range(0, 16).boxed().toArray(
                Integer[]::new));

        // What is summed when outputs share positions.
        float[] rows = grouped(weights, shape, pattern.rowGroup());
        double before = kept(rows, 16, IntStream.range(0, 16).toArray(), pattern.n(), pattern.m());
        double after = kept(rows, 16, order, pattern.n(), pattern.m());
        assertThat(after).isGreaterThanOrEqualTo(before);
        if (pattern.n() < pattern.m()) {
            assertThat(after).isGreaterThan(1.005 * before);
        }
        for (int a = 0; a < 16; a++) {
            for (int b = a + 1; b < 16; b++) {
                int[] swapped = order.clone();
                swapped[a] = order[b];
                swapped[b] = order[a];
                assertThat(kept(rows, 16, swapped, pattern.n(), pattern.m())).isLessThan(after * (1 + 2e-6));
            }
        }

        Mask mask = Mask.full(shape, pattern.rowGroup());
        PermutedSelection.select(new NmSelection(pattern), storage(weights), order, mask);
        Mask inOrder = Mask.empty(shape, pattern.rowGroup());
        double selected = 0;
        for (int i = 0; i < weights.length; i++) {
            int from = i - i % 16 + order[i % 16];
            inOrder.set(i, mask.get(from));
            selected += mask.get(from) ? Math.abs(weights[from]) : 0;
        }
        MaskPromise.EXACT.require(inOrder, pattern);
        PermutedSelection.requireExact(mask, order, pattern);
        if (pattern.n() < pattern.m()) {
            mask.set(0, !mask.get(0));
            assertThatThrownBy(() -> PermutedSelection.requireExact(mask, order, pattern))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("in the searched order: Weights ");
        }
        assertThat(selected).isEqualTo(after, within(1e-4));
    }

    /** By sorting each block of each row. */
    private static double kept(float[] weights, int inputs, int[] order, int n, int m) {
        double sum = 0;
        for (int row = 0; row < weights.length; row += inputs) {
            for (int block = 0; block < inputs; block += m) {
                double[] magnitudes = new double[m];
                for (int i = 0; i < m; i++) {
                    magnitudes[i] = Math.abs(weights[row + order[block + i]]);
                }
                Arrays.sort(magnitudes);
                for (int i = m - n; i < m; i++) {
                    sum += magnitudes[i];
                }
            }
        }
        return sum;
    }

    private static float[] grouped(float[] weights, WeightShape shape, int group) {
        int length = shape.rowLength();
        float[] sums = new float[Math.ceilDiv(shape.outputs(), group) * length];
        for (int i = 0; i < weights.length; i++) {
            sums[i / length / group * length + i % length] += Math.abs(weights[i]);
        }
        return sums;
    }

    private static float[] random(int size) {
        SplittableRandom random = new SplittableRandom(6);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (random.nextDouble() - 0.5);
        }
        return values;
    }

    private static Storage storage(float[] values) {
        Storage storage = Storage.allocate(ElementType.FLOAT, values.length);
        for (int i = 0; i < values.length; i++) {
            storage.set(i, values[i]);
        }
        return storage;
    }
}
