package org.bame.method.bame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bame.RecordChange;
import org.bame.method.bame.BameConfiguration.Ranking;
import org.bame.method.bame.BameConfiguration.Selection;
import org.junit.jupiter.api.Test;

class BlockSelectionTest {
    private static final Layer FIRST = new Layer(0.5, 0, 3, 0.5);
    private static final Layer SECOND = new Layer(7, -1, 9, 8, 2);

    @Test
    void takesTheBudgetOfEveryLayerByPriority() {
        BlockSelection selection = new BlockSelection(BameConfiguration.defaults(), 1);
        assertThat(selection.choose(List.of(FIRST, SECOND), 0.25, 0)).containsExactly(new int[]{2}, new int[]{2, 3});
        // Equal priorities: lower block first; blocks without priority never.
        assertThat(selection.choose(List.of(FIRST), 0.5, 0)).containsExactly(new int[]{2, 0});
        assertThat(selection.choose(List.of(FIRST), 1, 0)).containsExactly(new int[]{2, 0, 3});
    }

    @Test
    void frozenBlocksAreNeverChosen() {
        Layer frozen = new Layer(Double.NaN, 1, 2);
        for (Selection kind : Selection.values()) {
            BlockSelection selection =
                    new BlockSelection(RecordChange.of(BameConfiguration.defaults(), "blockSelection", kind), 1);
            assertThat(selection.choose(List.of(frozen), 1, 0).getFirst()).containsExactlyInAnyOrder(1, 2);
        }
    }

    @Test
    void globalRankingLetsLayersCompete() {
        BlockSelection selection = new BlockSelection(
                RecordChange.of(BameConfiguration.defaults(), "ranking", Ranking.GLOBAL), 1);
        assertThat(selection.choose(List.of(FIRST, SECOND), 4.0 / 9, 0))
                .containsExactly(new int[]{2}, new int[]{2, 3, 0});
    }

    @Test
    void randomChoiceDependsOnSeedAndStepAlone() {
        BlockSelection selection = random(1);
        Layer layer = new Layer(new double[1000]);
        int[] chosen = selection.choose(List.of(layer), 0.1, 5).getFirst();
        assertThat(chosen).hasSize(100).doesNotHaveDuplicates();
        assertThat(random(1).choose(List.of(layer), 0.1, 5).getFirst()).isEqualTo(chosen);
        assertThat(selection.choose(List.of(layer), 0.1, 6).getFirst()).isNotEqualTo(chosen);
        assertThat(random(2).choose(List.of(layer), 0.1, 5).getFirst()).isNotEqualTo(chosen);
    }

    private static BlockSelection random(long seed) {
        return new BlockSelection(
                RecordChange.of(BameConfiguration.defaults(), "blockSelection", Selection.RANDOM), seed);
    }

    /** NaN: frozen. */
    private record Layer(double... priorities) implements BlockSelection.Candidates {
        @Override
        public int blocks() {
            return priorities.length;
        }

        @Override
        public boolean changeable(int block) {
            return !Double.isNaN(priorities[block]);
        }

        @Override
        public double priority(int block) {
            return priorities[block];
        }
    }
}
