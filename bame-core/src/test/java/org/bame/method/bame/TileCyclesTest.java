package org.bame.method.bame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.bame.method.bame.BameConfiguration.PruneScore;
import org.bame.sparsity.Mask;
import org.bame.sparsity.MaskPromise;
import org.bame.sparsity.NmBlocks;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.OutputAxisPromise;
import org.bame.sparsity.Support;
import org.bame.sparsity.TransposableSelection;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TileCyclesTest {
    private static final String[] PATTERNS = {"1:2", "1:4", "2:4", "3:4", "2:8", "4:8", "1:16", "2:5"};

    /**
     * By hand, 1:2 on one tile: kept (0, 0) = 0.5 with gradient 0.4 and (1, 1) = -0.3 with gradient 1, gradients of the
     * others 2 and -3. |G w|: 0.2 + 0.3. With kappa = 0.1: 0.1 (4 + 9) - 0.5 = 0.8.
     */
    @Test
    void findsTheOnlyCycleByHand() {
        NmBlocks tiles = tiles(WeightShape.linear(2, 2), new NmPattern(1, 2));
        Storage weights = storage(0.5f, 0, 0, -0.3f);
        Storage gradient = storage(0.4f, 2, -3, 1);
        Mask mask = Mask.empty(tiles.shape());
        mask.set(0, true);
        mask.set(3, true);
        TileCycles cycles = new TileCycles(tiles, 1, PruneScore.ABS_SALIENCY);
        cycles.propose(weights, gradient, mask, 0.1);
        assertThat(cycles.found(0)).isEqualTo(2);
        assertThat(cycles.admissible(0)).isEqualTo(2);
        assertThat(cycles.pruned(0, 0)).isZero();
        assertThat(cycles.revived(0, 0)).isEqualTo(1);
        assertThat(cycles.pruned(0, 1)).isEqualTo(3);
        assertThat(cycles.revived(0, 1)).isEqualTo(2);
        assertThat(cycles.lossReduction(0)).isEqualTo(0.8, within(1e-6));
        // Signed: -(0.4 * 0.5) - (1 * -0.3) - 1.3.
        assertThat(cycles.predictedChange(0, 2, weights, gradient, 0.1)).isEqualTo(-0.2 + 0.3 - 1.3, within(1e-6));
        cycles.propose(weights, gradient, mask, 0.01);
        assertThat(cycles.found(0)).isEqualTo(2);
        assertThat(cycles.admissible(0)).isZero();
        assertThat(cycles.lossReduction(0)).isZero();
    }

    /** The search against all M^4 cycles, on random tiles, with a last tile of fewer rows. */
    @ParameterizedTest
    @CsvSource({"ABS_SALIENCY", "SIGNED"})
    void findsTheBestOfAllCycles(PruneScore score) {
        SplittableRandom random = new SplittableRandom(5);
        for (String text : PATTERNS) {
            NmPattern pattern = NmPattern.parse(text);
            int m = pattern.m();
            Case c = Case.random(new WeightShape(m + m / 2, 1, 2, 2 * m), pattern, random);
            TileCycles cycles = new TileCycles(c.tiles, 1, score);
            double kappa = random.nextDouble(2);
            cycles.propose(c.weights, c.gradient, c.mask, kappa);
            for (int tile = 0; tile < c.tiles.count(); tile++) {
                double best = c.bestByTrial(tile, score, kappa);
                if (Double.isInfinite(best)) {
                    assertThat(cycles.found(tile)).isZero();
                } else {
                    assertThat(cycles.found(tile)).isEqualTo(2);
                    assertThat(cycles.admissible(tile)).isEqualTo(best > 0 ? 2 : 0);
                    assertThat(cycles.lossReduction(tile)).isEqualTo(Math.max(0, best), within(1e-9));
                }
            }
        }
    }

    /** As many cycles as may be, all made: the mask stays transposable, and no row is touched twice. */
    @ParameterizedTest
    @CsvSource({"ABS_SALIENCY", "SIGNED", "MAGNITUDE"})
    void cyclesPreserveTheCountsOfRowsAndColumns(PruneScore score) {
        SplittableRandom random = new SplittableRandom(6);
        for (String text : PATTERNS) {
            NmPattern pattern = NmPattern.parse(text);
            int m = pattern.m();
            Case c = Case.random(new WeightShape(2 * m + m / 2, 1, 3, m), pattern, random);
            TileCycles cycles = new TileCycles(c.tiles, m / 2, score);
            for (int round = 0; round < 5; round++) {
                cycles.propose(c.weights, c.gradient, c.mask, 1);
                BitSet rows = new BitSet();
                for (int tile = 0; tile < c.tiles.count(); tile++) {
                    int found = cycles.found(tile);
                    assertThat(cycles.admissible(tile)).isBetween(0, found);
                    for (int k = 0; k < found; k++) {
                        int out = cycles.pruned(tile, k);
                        int in = cycles.revived(tile, k);
                        int block = out / m;
                        assertThat(in / m).as("a swap stays in its row").isEqualTo(block);
                        assertThat(c.tiles.of(out)).isEqualTo(tile);
                        assertThat(rows.get(block)).isFalse();
                        rows.set(block);
                        assertThat(c.mask.get(out)).isTrue();
                        assertThat(c.mask.get(in)).isFalse();
                        c.mask.set(out, false);
                        c.mask.set(in, true);
                        c.weights.set(in, c.weights.get(out));
                        c.weights.set(out, 0);
                    }
                }
                assertThat(rows.cardinality()).isGreaterThan(1);
                MaskPromise.EXACT.require(c.mask, pattern);
                OutputAxisPromise.inMemoryOrder(pattern, c.mask.shape()).require(c.mask, Support.of(c.mask));
            }
        }
    }

    /** Row 0 may prune columns 0 (|w| 0.1, |G w| 1) and 1 (|w| 1, |G w| 0.1), row 1 the other two. */
    @Test
    void byMagnitudeTheSmallestWeightsGo() {
        NmPattern pattern = new NmPattern(2, 4);
        NmBlocks tiles = tiles(new WeightShape(4, 1, 1, 4), pattern);
        Storage weights = storage(0.1f, 1, 0, 0, 0, 0, 0.2f, 2, 1, 1, 0, 0, 0, 0, 1, 1);
        Storage gradient = storage(10, 0.1f, 1, 1, 1, 1, 1, 0.01f, 9, 9, 0, 0, 0, 0, 9, 9);
        Mask mask = Mask.empty(tiles.shape());
        for (int i : new int[]{0, 1, 6, 7, 8, 9, 14, 15}) {
            mask.set(i, true);
        }
        TileCycles bySaliency = new TileCycles(tiles, 1, PruneScore.ABS_SALIENCY);
        bySaliency.propose(weights, gradient, mask, 1);
        assertThat(bySaliency.pruned(0, 0)).isEqualTo(1);
        assertThat(bySaliency.pruned(0, 1)).isEqualTo(7);
        TileCycles byMagnitude = new TileCycles(tiles, 1, PruneScore.MAGNITUDE);
        byMagnitude.propose(weights, gradient, mask, 1);
        assertThat(byMagnitude.pruned(0, 0)).isZero();
        assertThat(byMagnitude.pruned(0, 1)).isEqualTo(6);
        // The estimate stays |G w|: 1 + 0.2, for 1 + 1.
        assertThat(byMagnitude.lossReduction(0)).isEqualTo(0.8, within(1e-6));
    }

    @Test
    void aSingleRowHasNoCycle() {
        NmPattern pattern = new NmPattern(1, 4);
        Case c = Case.random(WeightShape.linear(1, 8), pattern, new SplittableRandom(1));
        TileCycles cycles = new TileCycles(c.tiles, 2, PruneScore.SIGNED);
        cycles.propose(c.weights, c.gradient, c.mask, 1);
        assertThat(cycles.found(0)).isZero();
        assertThat(cycles.lossReduction(1)).isZero();
    }

    @Test
    void refusesDivergedTraining() {
        Case c = Case.random(WeightShape.linear(4, 4), new NmPattern(1, 4), new SplittableRandom(1));
        c.gradient.set(7, Double.NaN);
        TileCycles cycles = new TileCycles(c.tiles, 1, PruneScore.SIGNED);
        assertThatThrownBy(() -> cycles.propose(c.weights, c.gradient, c.mask, 1))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("Weight 7");
    }

    private static NmBlocks tiles(WeightShape shape, NmPattern pattern) {
        return NmBlocks.tiles(shape, pattern);
    }

    private static Storage storage(float... values) {
        Storage storage = Storage.allocate(ElementType.FLOAT, values.length);
        for (int i = 0; i < values.length; i++) {
            storage.set(i, values[i]);
        }
        return storage;
    }

    /** A layer with a transposable mask. */
    private record Case(NmBlocks tiles, int m, Storage weights, Storage gradient, Mask mask) {
        static Case random(WeightShape shape, NmPattern pattern, SplittableRandom random) {
            float[] w = new float[shape.size()];
            float[] g = new float[shape.size()];
            for (int i = 0; i < w.length; i++) {
                w[i] = (float) (random.nextDouble() - 0.5);
                g[i] = (float) (random.nextDouble() - 0.5);
            }
            Mask mask = Mask.empty(shape);
            new TransposableSelection(pattern).select(w, mask);
            for (int i = 0; i < w.length; i++) {
                w[i] = mask.get(i) ? w[i] : 0;
            }
            return new Case(tilesOf(shape, pattern), pattern.m(), storage(w), storage(g), mask);
        }

        private static NmBlocks tilesOf(WeightShape shape, NmPattern pattern) {
            return TileCyclesTest.tiles(shape, pattern);
        }

        double bestByTrial(int tile, PruneScore score, double kappa) {
            double best = Double.NEGATIVE_INFINITY;
            int rows = tiles.rows(tile);
            for (int r1 = 0; r1 < rows; r1++) {
                for (int r2 = 0; r2 < rows; r2++) {
                    for (int c1 = 0; c1 < m; c1++) {
                        for (int c2 = 0; c2 < m; c2++) {
                            best = Math.max(best, reduction(tile, new int[]{r1, r2, c1, c2}, score, kappa));
                        }
                    }
                }
            }
            return best;
        }

        private double reduction(int tile, int[] rrcc, PruneScore score, double kappa) {
            int out1 = at(tile, rrcc[0], rrcc[2]);
            int out2 = at(tile, rrcc[1], rrcc[3]);
            int in1 = at(tile, rrcc[0], rrcc[3]);
            int in2 = at(tile, rrcc[1], rrcc[2]);
            boolean possible = mask.get(out1) && mask.get(out2) && !mask.get(in1) && !mask.get(in2);
            if (!possible || rrcc[0] == rrcc[1]) {
                return Double.NEGATIVE_INFINITY;
            }
            return revive(in1, kappa) + revive(in2, kappa) - prune(out1, score) - prune(out2, score);
        }

        private int at(int tile, int row, int column) {
            return tiles.first(tile) + row * tiles.shape().rowLength() + column;
        }

        private double revive(int i, double kappa) {
            return kappa * gradient.get(i) * gradient.get(i);
        }

        private double prune(int i, PruneScore score) {
            double product = gradient.get(i) * weights.get(i);
            return score == PruneScore.SIGNED ? -product : Math.abs(product);
        }
    }
}
