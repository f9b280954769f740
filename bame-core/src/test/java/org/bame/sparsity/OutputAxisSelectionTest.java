package org.bame.sparsity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputAxisSelectionTest {
    private static final int[] MEMORY_ORDER = {0, 1, 2, 3};

    @Test
    void keepsTheLargestOfEveryColumn() {
        Mask full = mask(4, "11 11 11 11");
        float[] scores = {1, -8, -3, 4, 2, 6, 0, 5};
        assertThat(thin("1:2", full, scores, MEMORY_ORDER)).isEqualTo("01 10 11 00");
        assertThat(thin("1:4", full, scores, MEMORY_ORDER)).isEqualTo("01 10 00 00");
        assertThat(thin("2:4", full, scores, MEMORY_ORDER)).isEqualTo("01 10 11 00");
        // Outputs 0 and 3 in one block, 2 and 1 in the other.
        assertThat(thin("1:2", full, scores, new int[]{3, 0, 2, 1})).isEqualTo("11 10 01 00");
    }

    @Test
    void whatTheMaskLeavesOutCompetesForNothing() {
        assertThat(thin("1:2", mask(4, "10 01 00 11"), new float[]{1, 9, 8, 2, 7, 7, 0, -1}, MEMORY_ORDER))
                .isEqualTo("10 01 00 11");
        assertThat(thin("1:4", mask(4, "10 01 00 11"), new float[]{1, 9, 8, 2, 7, 7, 0, -1}, MEMORY_ORDER))
                .isEqualTo("10 01 00 00");
    }

    @Test
    void tiesGoToTheOutputThatComesFirstInTheOrder() {
        Mask full = mask(4, "11 11 11 11");
        float[] equal = {1, -1, -1, 1, 1, 1, 1, 1};
        assertThat(thin("1:4", full, equal, MEMORY_ORDER)).isEqualTo("11 00 00 00");
        assertThat(thin("1:4", full, equal, new int[]{2, 0, 1, 3})).isEqualTo("00 00 11 00");
    }

    @Test
    void aLastBlockOfFewerOutputsKeepsUpToN() {
        float[] scores = {1, 2, 3, 4, 5, 6};
        assertThat(thin("1:2", mask(3, "11 11 11"), scores, new int[]{0, 1, 2})).isEqualTo("00 11 11");
        assertThat(thin("2:4", mask(3, "11 11 11"), scores, new int[]{0, 1, 2})).isEqualTo("00 11 11");
        assertThat(thin("3:4", mask(3, "11 11 11"), scores, new int[]{0, 1, 2})).isEqualTo("11 11 11");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1:1", "1:2", "2:4", "3:4", "1:16", "4:8", "5:12", "40:70"})
    void agreesWithSortingEachColumn(String text) {
        NmPattern pattern = NmPattern.parse(text);
        SplittableRandom random = new SplittableRandom(text.hashCode());
        OutputAxisSelection selection = new OutputAxisSelection(pattern);
        for (int trial = 0; trial < 20; trial++) {
            int outputs = 1 + random.nextInt(3 * pattern.m());
            WeightShape shape = new WeightShape(outputs, 3, 1, 1 + random.nextInt(50));
            Mask among = Mask.empty(shape);
            float[] scores = new float[shape.size()];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = (random.nextInt(21) - 10) / 8f;
                among.set(i, random.nextInt(3) > 0);
            }
            int[] order = shuffled(random, outputs);
            Mask expected = sorted(scores, among, order, pattern);
            Mask thinned = Mask.full(shape);
            int difference = thinned.difference(expected);
            assertThat(selection.select(MemorySegment.ofArray(scores), among, order, thinned)).isEqualTo(difference);
            assertThat(thinned.difference(expected)).isZero();
            assertThat(selection.survivors(among, order)).isEqualTo(thinned.count());
            Mask inPlace = among.copy();
            selection.select(MemorySegment.ofArray(scores), inPlace, order, inPlace);
            assertThat(inPlace.difference(expected)).isZero();
            int[] memoryOrder = new int[outputs];
            Arrays.setAll(memoryOrder, output -> output);
            Mask natural = Mask.empty(shape);
            selection.select(MemorySegment.ofArray(scores), among, natural);
            assertThat(natural.difference(sorted(scores, among, memoryOrder, pattern))).isZero();
        }
    }

    /** As if every group were a layer of its own, and so is the search for an order. */
    @Test
    void blocksEndWithTheirConvolutionsGroup() {
        SplittableRandom random = new SplittableRandom(5);
        NmPattern pattern = new NmPattern(1, 4);
        OutputAxisSelection selection = new OutputAxisSelection(pattern);
        WeightShape shape = new WeightShape(18, 1, 3, 5, 3);
        WeightShape part = new WeightShape(6, 1, 3, 5);
        Mask among = Mask.full(shape);
        float[] scores = new float[shape.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = (float) random.nextDouble();
            among.set(i, random.nextInt(3) > 0);
        }
        OutputPermutation permutation = new OutputPermutation(shape);
        permutation.search(among, selection, 20, random);
        int[] order = permutation.order();
        Mask thinned = Mask.empty(shape);
        selection.select(MemorySegment.ofArray(scores), among, order, thinned);
        assertThat(selection.survivors(among, order)).isEqualTo(thinned.count());
        new OutputAxisPromise(pattern, permutation).require(among, Support.of(thinned));
        for (int group = 0; group < 3; group++) {
            int firstOutput = 6 * group;
            int first = group * part.size();
            int[] own = Arrays.stream(order, firstOutput, firstOutput + 6).map(output -> output - firstOutput)
                    .toArray();
            assertThat(own).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
            Mask ownAmong = Mask.empty(part);
            for (int i = 0; i < part.size(); i++) {
                ownAmong.set(i, among.get(first + i));
            }
            Mask expected =
                    sorted(Arrays.copyOfRange(scores, first, first + part.size()), ownAmong, own, pattern);
            for (int i = 0; i < part.size(); i++) {
                assertThat(thinned.get(first + i)).isEqualTo(expected.get(i));
            }
        }
    }

    private static Mask sorted(float[] scores, Mask among, int[] order, NmPattern pattern) {
        WeightShape shape = among.shape();
        Mask expected = Mask.empty(shape);
        for (int column = 0; column < shape.rowLength(); column++) {
            for (int from = 0; from < order.length; from += pattern.m()) {
                List<Integer> rivals = new ArrayList<>();
                for (int place = from; place < Math.min(from + pattern.m(), order.length); place++) {
                    int index = order[place] * shape.rowLength() + column;
                    if (among.get(index)) {
                        rivals.add(index);
                    }
                }
                rivals.sort(Comparator.comparingDouble(i -> -Math.abs(scores[i])));
                rivals.stream().limit(pattern.n()).forEach(i -> expected.set(i, true));
            }
        }
        return expected;
    }

    @Test
    void notANumberIsAnErrorWhereTheMaskKeepsIt() {
        float[] scores = {1, Float.NaN, 2, 3};
        assertThat(thin("1:2", mask(2, "10 11"), scores, new int[]{0, 1})).isEqualTo("00 11");
        assertThatThrownBy(() -> thin("1:2", mask(2, "11 11"), scores, new int[]{0, 1}))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("Score 1 of weights 2x1x1x2 is NaN");
    }

    @Test
    void refusesWhatDoesNotFit() {
        OutputAxisSelection selection = new OutputAxisSelection(new NmPattern(1, 2));
        Mask mask = Mask.full(WeightShape.linear(4, 2));
        MemorySegment scores = MemorySegment.ofArray(new float[8]);
        assertThatThrownBy(() -> selection.select(MemorySegment.ofArray(new float[6]), mask, mask))
                .hasMessageContaining("6 scores");
        assertThatThrownBy(() -> selection.select(scores, mask, new int[3], mask))
                .hasMessageContaining("Order of 3 outputs");
        assertThatThrownBy(() -> selection.survivors(mask, new int[5])).hasMessageContaining("Order of 5 outputs");
        assertThatThrownBy(() -> selection.select(scores, mask, Mask.full(WeightShape.linear(4, 2), 2)))
                .hasMessageContaining("row groups of 2");
        assertThatThrownBy(() -> selection.select(scores, mask, Mask.full(WeightShape.linear(2, 4))))
                .hasMessageContaining("Mask of 2x1x1x4");
    }

    private static int[] shuffled(SplittableRandom random, int count) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int place = random.nextInt(i + 1);
            order[i] = order[place];
            order[place] = i;
        }
        return order;
    }

    private static Mask mask(int outputs, String bits) {
        String kept = bits.replace(" ", "");
        Mask mask = Mask.empty(WeightShape.linear(outputs, kept.length() / outputs));
        for (int i = 0; i < kept.length(); i++) {
            mask.set(i, kept.charAt(i) == '1');
        }
        return mask;
    }

    private static String thin(String text, Mask among, float[] scores, int[] order) {
        Mask thinned = Mask.full(among.shape());
        new OutputAxisSelection(NmPattern.parse(text)).select(MemorySegment.ofArray(scores), among, order, thinned);
        StringBuilder bits = new StringBuilder();
        for (int i = 0; i < scores.length; i++) {
            bits.append(i > 0 && i % among.shape().rowLength() == 0 ? " " : "").append(thinned.get(i) ? 1 : 0);
        }
        return bits.toString();
    }
}
