package org.bame.baselines.lbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmBlocks;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CandidateScoresTest {

    @Test
    void candidatesOfTwoOfFour() {
        Candidates candidates = new Candidates(new NmPattern(2, 4));
        assertThat(IntStream.range(0, candidates.count())
                .mapToObj(i -> Arrays.toString(candidates.positions(i))))
                .containsExactly("[0, 1]", "[0, 2]", "[0, 3]", "[1, 2]", "[1, 3]", "[2, 3]");
    }

    @ParameterizedTest
    @CsvSource({"1:4, 4", "4:8, 70", "2:16, 120", "14:16, 120", "3:3, 1", "1:256, 256", "255:256, 256"})
    void countsCandidates(String pattern, int expected) {
        assertThat(Candidates.count(NmPattern.parse(pattern))).isEqualTo(expected);
        assertThat(new Candidates(NmPattern.parse(pattern)).count()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"8:16", "1:257", "2:24", "400000:900000"})
    void refusesTooMany(String pattern) {
        assertThatThrownBy(() -> new Candidates(NmPattern.parse(pattern)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pattern " + pattern)
                .hasMessageContaining("at most 256")
                .hasMessageContaining("2:4");
    }

    /**
     * Scores begin at 1/3. Products g w are 1 -1 2 0, so the candidates 01 02 03 12 13 23 have slopes 0 3 1 1 -1 2, and a step
     * of rate 0.1 leaves 1/3 less a tenth of that: 02 is the lowest, then 23, then 12 and 03, equal, then 01.
     */
    @Test
    void removesByHand() {
        WeightShape shape = WeightShape.linear(1, 4);
        CandidateScores scores = new CandidateScores(
                new NmBlocks(shape, new NmPattern(2, 4)), new Candidates(new NmPattern(2, 4)));
        assertThat(scores.score(0, 3)).isEqualTo(1 / 3f);
        scores.train(storage(1, 2, -4, 5), storage(1, -0.5f, -0.5f, 0), 0.1f, 0.9f, 0);
        float[] slopes = {0, 3, 1, 1, -1, 2};
        for (int i = 0; i < 6; i++) {
            assertThat(scores.score(0, i)).isEqualTo(1 / 3f - 0.1f * slopes[i], within(1e-7f));
        }
        Mask mask = Mask.full(shape);
        assertThat(scores.keepBest(6)).isFalse();
        assertThat(scores.keepBest(4)).isTrue();
        scores.unite(mask);
        assertThat(mask.word(0)).isEqualTo(0b1111);
        scores.keepBest(3);
        assertThat(scores.score(0, 3)).isEqualTo(Float.NEGATIVE_INFINITY);
        scores.keepBest(2);
        scores.unite(mask);
        assertThat(mask.word(0)).isEqualTo(0b1011);
        // However high a removed candidate's weights would lift it, it does not come back.
        scores.train(storage(1, 1, 1, 1), storage(-9, 0, -9, 0.5f), 0.1f, 0.9f, 0);
        assertThat(scores.score(0, 1)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(scores.keepBest(1)).isTrue();
        scores.unite(mask);
        assertThat(mask.word(0)).isEqualTo(0b0011);
        assertThat(scores.survivors()).isOne();
        assertThat(scores.keepBest(1)).isFalse();
    }

    /** Velocity 1: g w + 0.5 / 1 = 2.5, 0.5; velocity 2 with the scores 0.75, 0.95 and g w of 0: 0.8 v + 0.5 score. */
    @Test
    void descendsWithMomentumAndDecay() {
        NmPattern pattern = new NmPattern(1, 2);
        CandidateScores scores =
                new CandidateScores(new NmBlocks(WeightShape.linear(1, 2), pattern), new Candidates(pattern));
        scores.train(storage(2, 1), storage(1, 0), 0.1f, 0.8f, 0.5f);
        assertThat(scores.score(0, 0)).isEqualTo(0.75f, within(1e-6f));
        assertThat(scores.score(0, 1)).isEqualTo(0.95f, within(1e-6f));
        scores.train(storage(2, 1), storage(0, 0), 0.1f, 0.8f, 0.5f);
        assertThat(scores.score(0, 0)).isEqualTo(0.75f - 0.1f * (0.8f * 2.5f + 0.375f), within(1e-6f));
        assertThat(scores.score(0, 1)).isEqualTo(0.95f - 0.1f * (0.8f * 0.5f + 0.475f), within(1e-6f));
    }

    /** Outputs 0 and 1 share a block, output 2 has one of its own: slopes 1 + 4, 2 - 6 and 3, 0. */
    @Test
    void outputsThatSharePositionsShareScores() {
        NmPattern pattern = NmPattern.parse("1:2/g2");
        CandidateScores scores =
                new CandidateScores(new NmBlocks(WeightShape.linear(3, 2), pattern), new Candidates(pattern));
        scores.train(storage(1, 2, 2, -3, 1, 5), storage(1, 1, 2, 2, 3, 0), 0.1f, 0, 0);
        assertThat(scores.score(0, 0)).isEqualTo(1 - 0.5f, within(1e-6f));
        assertThat(scores.score(0, 1)).isEqualTo(1 + 0.4f, within(1e-6f));
        assertThat(scores.score(1, 0)).isEqualTo(1 - 0.3f, within(1e-6f));
        assertThat(scores.score(1, 1)).isEqualTo(1);
        scores.keepBest(1);
        Mask mask = Mask.full(WeightShape.linear(3, 2), 2);
        scores.unite(mask);
        assertThat(mask.word(0)).isEqualTo(0b101010);
    }

    @Test
    void scoresThatAreNoNumbersAreAnError() {
        NmPattern pattern = new NmPattern(1, 2);
        CandidateScores scores =
                new CandidateScores(new NmBlocks(WeightShape.linear(1, 2), pattern), new Candidates(pattern));
        scores.train(storage(Float.NaN, 1), storage(1, 0), 0.1f, 0, 0);
        assertThatThrownBy(() -> scores.keepBest(1)).isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("block 0");
    }

    private static Storage storage(float... values) {
        Storage storage = Storage.allocate(ElementType.FLOAT, values.length);
        for (int i = 0; i < values.length; i++) {
            storage.set(i, values[i]);
        }
        return storage;
    }
}
