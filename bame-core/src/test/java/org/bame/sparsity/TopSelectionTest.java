package org.bame.sparsity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopSelectionTest {
    /** Outputs of 63 weights: no output begins at a word of the mask. */
    private static final WeightShape ODD = new WeightShape(5, 3, 3, 7);

    @Test
    void keepsTheLargestMagnitudes() {
        float[] scores = {0.5f, -3, 2, 0, -0.25f, 1, 4, -1};
        Mask whole = select(new UnstructuredPattern(0.5), WeightShape.linear(2, 4), scores);
        assertThat(kept(whole)).containsExactly(1, 2, 5, 6);
        Mask rows = select(new FanInPattern(0.5), WeightShape.linear(2, 4), scores);
        assertThat(kept(rows)).containsExactly(1, 2, 5, 6);
        Mask quarter = select(new UnstructuredPattern(0.25), WeightShape.linear(2, 4), scores);
        assertThat(kept(quarter)).containsExactly(1, 6);
        assertThat(kept(select(new FanInPattern(0.25), WeightShape.linear(2, 4), scores))).containsExactly(1, 6);
    }

    /** Of 1 and -1 at 2, 5 and 7 the first two are kept; -0 and 0 tie too. */
    @Test
    void tiesGoToTheLowestIndex() {
        float[] scores = {0, 2, -1, -0f, 0, 1, 0, -1};
        assertThat(kept(select(new UnstructuredPattern(3.0 / 8), WeightShape.linear(1, 8), scores)))
                .containsExactly(1, 2, 5);
        assertThat(kept(select(new FanInPattern(6.0 / 8), WeightShape.linear(1, 8), scores)))
                .containsExactly(0, 1, 2, 3, 5, 7);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void agreesWithASort(int kind) {
        SplittableRandom random = new SplittableRandom(kind);
        for (int trial = 0; trial < 300; trial++) {
            WeightShape shape = new WeightShape(
                    1 + random.nextInt(9), 1 + random.nextInt(3), 1 + random.nextInt(3), 1 + random.nextInt(40));
            float[] scores = new float[shape.size()];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = switch (kind) {
                    case 1 -> (float) random.nextGaussian();
                    case 2 -> random.nextInt(4) - 2;
                    // Any bits but NaN: denormal numbers and infinities too.
                    default -> anyNumber(random);
                };
            }
            double density = Math.max(1e-3, random.nextDouble());
            Mask mask = Mask.empty(shape);
            scribble(random, mask);
            Mask before = mask.copy();
            UnstructuredPattern whole = new UnstructuredPattern(density);
            assertThat(MaskSelection.of(whole).select(scores, mask)).isEqualTo(mask.difference(before));
            assertThat(kept(mask)).containsExactly(sorted(scores, 0, scores.length, whole.kept(shape)));
            MaskPromise.EXACT.require(mask, whole);
            FanInPattern fanIn = new FanInPattern(density);
            before = mask.copy();
            assertThat(MaskSelection.of(fanIn).select(scores, mask)).isEqualTo(mask.difference(before));
            for (int first = 0; first < shape.size(); first += shape.rowLength()) {
                int end = first + shape.rowLength();
                int from = first;
                assertThat(IntStream.of(kept(mask)).filter(i -> i >= from && i < end).toArray())
                        .containsExactly(sorted(scores, first, end, fanIn.kept(shape)));
            }
            MaskPromise.EXACT.require(mask, fanIn);
        }
    }

    @Test
    void takesScoresOfAnyAlignment() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(4L * ODD.size() + 1).asSlice(1);
            float[] scores = new float[ODD.size()];
            SplittableRandom random = new SplittableRandom(8);
            for (int i = 0; i < scores.length; i++) {
                scores[i] = (float) random.nextGaussian();
                memory.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, scores[i]);
            }
            Mask expected = select(new UnstructuredPattern(0.3), ODD, scores);
            Mask mask = Mask.full(ODD);
            MaskSelection.of(new UnstructuredPattern(0.3)).select(memory, mask);
            assertThat(mask.difference(expected)).isZero();
        }
    }

    @Test
    void leavesTheRestOfAMaskAlone() {
        float[] scores = new float[ODD.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = i;
        }
        Mask mask = Mask.full(ODD);
        TopScores top = new TopScores();
        assertThat(top.select(MemorySegment.ofArray(scores), 60, 140, 3, mask)).isEqualTo(77);
        assertThat(mask.count(0, 60)).isEqualTo(60);
        assertThat(mask.count(140, ODD.size())).isEqualTo(ODD.size() - 140);
        assertThat(mask.nextKept(60, 140)).isEqualTo(137);
        assertThat(top.select(MemorySegment.ofArray(scores), 60, 140, 0, mask)).isEqualTo(3);
        assertThat(top.select(MemorySegment.ofArray(scores), 60, 140, 80, mask)).isEqualTo(80);
        assertThatThrownBy(() -> top.select(MemorySegment.ofArray(scores), 60, 140, 81, mask))
                .hasMessageContaining("81").hasMessageContaining("60").hasMessageContaining("139");
    }

    @ParameterizedTest
    @ValueSource(strings = {"unstructured@0.8", "fan_in@0.8"})
    void choosesAtRandomEveryWeightEquallyOften(String text) {
        SparsityPattern pattern = SparsityPattern.parse(text);
        SplittableRandom random = new SplittableRandom(4);
        WeightShape shape = WeightShape.linear(2, 10);
        int[] kept = new int[shape.size()];
        int draws = 20_000;
        for (int draw = 0; draw < draws; draw++) {
            Mask mask = Mask.empty(shape);
            MaskSelection.of(pattern).selectRandom(random, mask);
            MaskPromise.EXACT.require(mask, pattern);
            for (int i : kept(mask)) {
                kept[i]++;
            }
        }
        // Four standard deviations of a binomial number.
        double deviation = 4 * Math.sqrt(draws * 0.2 * 0.8);
        for (int count : kept) {
            assertThat((double) count).isBetween(draws * 0.2 - deviation, draws * 0.2 + deviation);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unstructured@0.8", "fan_in@0.8"})
    void allocatesNothing(String text) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        MaskSelection selection = MaskSelection.of(SparsityPattern.parse(text));
        MemorySegment scores = MemorySegment.ofArray(new float[ODD.size()]);
        Mask mask = Mask.empty(ODD);
        long allocated = Long.MAX_VALUE;
        // Until the compiler is done, accesses to memory make objects.
        for (int attempt = 0; attempt < 500 && allocated > 0; attempt++) {
            allocated = -threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 100; i++) {
                selection.select(scores, mask);
            }
            allocated += threads.getCurrentThreadAllocatedBytes();
        }
        assertThat(allocated).isZero();
    }

    @Test
    void refusesWhatItCannotSelect() {
        MaskSelection selection = MaskSelection.of(new UnstructuredPattern(0.5));
        float[] scores = new float[ODD.size()];
        scores[200] = Float.NaN;
        assertThatThrownBy(() -> selection.select(scores, Mask.empty(ODD)))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("Score 200")
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> MaskSelection.of(new FanInPattern(0.5)).select(scores, Mask.empty(ODD)))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("Score 200");
        assertThatThrownBy(() -> selection.select(new float[7], Mask.empty(ODD)))
                .hasMessageContaining("7 scores").hasMessageContaining("315");
        assertThatThrownBy(() -> selection.select(new float[ODD.size()], Mask.empty(ODD, 2)))
                .hasMessageContaining("without row groups");
    }

    @Test
    void noticesAMaskThatDoesNotFollow() {
        Mask mask = Mask.empty(WeightShape.linear(2, 4));
        mask.set(0, true);
        mask.set(1, true);
        MaskPromise.EXACT.require(mask, new UnstructuredPattern(0.25));
        assertThatThrownBy(() -> MaskPromise.EXACT.require(mask, new FanInPattern(0.25)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Weights 0 to 3")
                .hasMessageContaining("keep 2, expected 1");
        assertThatThrownBy(() -> MaskPromise.EXACT.require(mask, new UnstructuredPattern(0.5)))
                .isInstanceOf(IllegalStateException.class);
    }

    private static float anyNumber(SplittableRandom random) {
        float number = Float.intBitsToFloat(random.nextInt());
        return Float.isNaN(number) ? Float.NEGATIVE_INFINITY : number;
    }

    private static void scribble(SplittableRandom random, Mask mask) {
        for (int i = 0; i < mask.shape().size(); i++) {
            mask.set(i, random.nextBoolean());
        }
    }

    private static Mask select(SparsityPattern pattern, WeightShape shape, float[] scores) {
        Mask mask = Mask.full(shape);
        MaskSelection.of(pattern).select(scores, mask);
        return mask;
    }

    private static int[] kept(Mask mask) {
        return IntStream.range(0, mask.shape().size()).filter(mask::get).toArray();
    }

    private static int[] sorted(float[] scores, int from, int end, int kept) {
        IntToDoubleFunction magnitude = i -> Math.abs((double) scores[i]);
        return IntStream.range(from, end)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(i -> -magnitude.applyAsDouble(i)).thenComparing(i -> i))
                .limit(kept)
                .mapToInt(i -> i)
                .sorted()
                .toArray();
    }
}
