package org.bame.baselines.transposable;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.bame.sparsity.GreedyTileSolver;
import org.bame.sparsity.NmPattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MinimumCostFlowTileSolverTest {
    /** Greedy takes the 9 and must then take the 0; 8 + 7 is more. */
    @Test
    void findsWhatGreedyMisses() {
        float[] tile = {9, 8, 7, 0};
        boolean[] kept = new boolean[4];
        new GreedyTileSolver(new NmPattern(1, 2)).solve(tile, 2, kept);
        assertThat(kept).containsExactly(true, false, false, true);
        new MinimumCostFlowTileSolver(new NmPattern(1, 2)).solve(tile, 2, kept);
        assertThat(kept).containsExactly(false, true, true, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1:1", "1:2", "1:4", "2:4", "3:4", "4:4", "1:5", "2:5"})
    void isTheOptimum(String text) {
        NmPattern pattern = NmPattern.parse(text);
        MinimumCostFlowTileSolver solver = new MinimumCostFlowTileSolver(pattern);
        SplittableRandom random = new SplittableRandom(text.hashCode());
        for (int trial = 0; trial < 60; trial++) {
            int rows = 1 + random.nextInt(pattern.m());
            float[] tile = tile(random, pattern.m(), trial);
            boolean[] kept = new boolean[tile.length];
            solver.solve(tile, rows, kept);
            requireCounts(kept, rows, pattern);
            double best = optimum(tile, rows, 0, new int[pattern.m()], pattern);
            assertThat(kept(tile, rows, kept)).isBetween(best * (1 - 1e-9), best * (1 + 1e-9));
        }
    }

    /** methods.md 6.8 */
    @ParameterizedTest
    @ValueSource(strings = {"1:4", "2:4", "2:8", "4:8", "6:8", "1:16", "4:16"})
    void greedyKeepsAtLeastHalfOfIt(String text) {
        NmPattern pattern = NmPattern.parse(text);
        MinimumCostFlowTileSolver exact = new MinimumCostFlowTileSolver(pattern);
        GreedyTileSolver greedy = new GreedyTileSolver(pattern);
        SplittableRandom random = new SplittableRandom(text.hashCode());
        double worst = 1;
        for (int trial = 0; trial < 60; trial++) {
            int rows = trial % 5 == 0 ? 1 + random.nextInt(pattern.m()) : pattern.m();
            float[] tile = tile(random, pattern.m(), trial);
            boolean[] kept = new boolean[tile.length];
            exact.solve(tile, rows, kept);
            requireCounts(kept, rows, pattern);
            double best = kept(tile, rows, kept);
            greedy.solve(tile, rows, kept);
            requireCounts(kept, rows, pattern);
            double found = kept(tile, rows, kept);
            assertThat(found).isBetween(best / 2, best * (1 + 1e-9));
            worst = Math.min(worst, best == 0 ? 1 : found / best);
        }
        assertThat(worst).isLessThan(1);
    }

    @Test
    void extremeMagnitudesAreNoTrouble() {
        NmPattern pattern = new NmPattern(1, 2);
        boolean[] kept = new boolean[4];
        new MinimumCostFlowTileSolver(pattern).solve(new float[4], 2, kept);
        requireCounts(kept, 2, pattern);
        float huge = Float.MAX_VALUE;
        new MinimumCostFlowTileSolver(pattern).solve(new float[]{huge, huge, huge, Float.MIN_VALUE}, 2, kept);
        assertThat(kept).containsExactly(false, true, true, false);
        float tiny = Float.MIN_VALUE;
        new MinimumCostFlowTileSolver(pattern).solve(new float[]{0, tiny, tiny, tiny}, 2, kept);
        assertThat(kept).containsExactly(false, true, true, false);
    }

    /** Even magnitudes, ties and zeros, or many scales. */
    private static float[] tile(SplittableRandom random, int m, int trial) {
        float[] tile = new float[m * m];
        for (int i = 0; i < tile.length; i++) {
            tile[i] = switch (trial % 3) {
                case 0 -> (float) random.nextDouble();
                case 1 -> random.nextInt(4);
                default -> Math.scalb((float) random.nextDouble(), random.nextInt(12));
            };
        }
        return tile;
    }

    /** The best that rows from {@code row} on can keep, by trying all. */
    private static double optimum(float[] tile, int rows, int row, int[] counts, NmPattern pattern) {
        if (row == rows) {
            return 0;
        }
        int m = pattern.m();
        double best = Double.NEGATIVE_INFINITY;
        for (int choice = 0; choice < 1 << m; choice++) {
            if (Integer.bitCount(choice) != pattern.n()) {
                continue;
            }
            double sum = 0;
            boolean room = true;
            int[] after = counts.clone();
            for (int column = 0; column < m; column++) {
                if ((choice >> column & 1) != 0) {
                    sum += tile[row * m + column];
                    room &= ++after[column] <= pattern.n();
                }
            }
            if (room) {
                best = Math.max(best, sum + optimum(tile, rows, row + 1, after, pattern));
            }
        }
        return best;
    }

    private static void requireCounts(boolean[] kept, int rows, NmPattern pattern) {
        int m = pattern.m();
        int[] columns = new int[m];
        for (int row = 0; row < rows; row++) {
            int count = 0;
            for (int column = 0; column < m; column++) {
                count += kept[row * m + column] ? 1 : 0;
                columns[column] += kept[row * m + column] ? 1 : 0;
            }
            assertThat(count).isEqualTo(pattern.n());
        }
        assertThat(Arrays.stream(columns)).allMatch(count -> count <= pattern.n());
    }

    private static double kept(float[] tile, int rows, boolean[] kept) {
        double sum = 0;
        for (int i = 0; i < rows * tile.length / (int) Math.round(Math.sqrt(tile.length)); i++) {
            sum += kept[i] ? tile[i] : 0;
        }
        return sum;
    }
}
