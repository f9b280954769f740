package org.bame.method.bame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.bame.method.bame.BameConfiguration.PruneScore;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmBlocks;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.WeightShape;
import org.junit.jupiter.api.Test;

class BlockSwapsTest {
    private static final NmPattern TWO_OF_4 = new NmPattern(2, 4);
    private static final Storage GROUP_WEIGHTS =
            storage(0.1f, 0.5f, 0, 0, 0.2f, -0.4f, 0, 0, 0.1f, 0.5f, 0, 0);
    private static final Storage GROUP_GRADIENT = storage(-2, 0.3f, 1, -3, 1, -1, -4, 0, -2, 0.3f, 1, -3);

    @Test
    void findsTheBestSwapByHand() {
        // Saliencies |G w|: 0.2 and 0.15; pruned gradients 1 and -3. With kappa = 0.1: E = 0.1 * 9 - 0.15.
        BlockSwaps adaption = propose(PruneScore.ABS_SALIENCY, 1, 0.1);
        assertThat(adaption.pruned(0, 0)).isEqualTo(1);
        assertThat(adaption.revived(0, 0)).isEqualTo(3);
        assertThat(adaption.admissible(0)).isEqualTo(1);
        assertThat(adaption.lossReduction(0)).isEqualTo(0.75, within(1e-6));
    }

    @Test
    void swapsThatDoNotPayAreNotAdmissible() {
        BlockSwaps adaption = propose(PruneScore.ABS_SALIENCY, 1, 0.01);
        assertThat(adaption.admissible(0)).isZero();
        assertThat(adaption.lossReduction(0)).isZero();
    }

    @Test
    void pruneScoresChooseDifferentVictims() {
        // -G w: +0.2 for weight 0, -0.15 for weight 1; magnitudes: 0.1 and 0.5.
        assertThat(propose(PruneScore.SIGNED, 1, 0.1).pruned(0, 0)).isEqualTo(1);
        assertThat(propose(PruneScore.SIGNED, 1, 0.1).lossReduction(0)).isEqualTo(1.05, within(1e-6));
        assertThat(propose(PruneScore.MAGNITUDE, 1, 0.1).pruned(0, 0)).isZero();
        assertThat(propose(PruneScore.MAGNITUDE, 1, 0.1).lossReduction(0)).isEqualTo(0.7, within(1e-6));
    }

    @Test
    void takesSuccessivePairs() {
        // Second pair: weight 0 (0.2) for weight 2 (gradient 1): E = 0.1 - 0.2 < 0 at kappa 0.1, 0.3 at kappa 0.5.
        assertThat(propose(PruneScore.ABS_SALIENCY, 2, 0.1).admissible(0)).isEqualTo(1);
        BlockSwaps adaption = propose(PruneScore.ABS_SALIENCY, 2, 0.5);
        assertThat(adaption.admissible(0)).isEqualTo(2);
        assertThat(adaption.pruned(0, 1)).isZero();
        assertThat(adaption.revived(0, 1)).isEqualTo(2);
        assertThat(adaption.lossReduction(0)).isEqualTo(4.5 - 0.15 + 0.5 - 0.2, within(1e-6));
    }

    /**
     * Outputs 0 and 1 share positions, output 2 is alone. |G w| of columns 0 and 1: 0.2 + 0.2 and 0.15 + 0.4; -G w: 0.2 -
     * 0.2 and -0.15 - 0.4; |w|: 0.3 and 0.9. Squared gradients of columns 2 and 3: 1 + 16 and 9 + 0.
     */
    @Test
    void sumsOverOutputsThatSharePositions() {
        BlockSwaps adaption = proposeGroup(PruneScore.ABS_SALIENCY, 2, 0.1);
        assertThat(adaption.pruned(0, 0)).isZero();
        assertThat(adaption.revived(0, 0)).isEqualTo(2);
        assertThat(adaption.pruned(0, 1)).isEqualTo(1);
        assertThat(adaption.revived(0, 1)).isEqualTo(3);
        assertThat(adaption.admissible(0)).isEqualTo(2);
        assertThat(adaption.lossReduction(0)).isEqualTo(1.7 - 0.4 + 0.9 - 0.55, within(1e-6));
        // The output alone: as in findsTheBestSwapByHand, 8 weights on.
        assertThat(adaption.pruned(1, 0)).isEqualTo(9);
        assertThat(adaption.revived(1, 0)).isEqualTo(11);
        assertThat(adaption.lossReduction(1)).isEqualTo(0.75, within(1e-6));
        assertThat(proposeGroup(PruneScore.SIGNED, 1, 0.1).pruned(0, 0)).isEqualTo(1);
        assertThat(proposeGroup(PruneScore.SIGNED, 1, 0.1).lossReduction(0)).isEqualTo(1.7 + 0.55, within(1e-6));
        assertThat(proposeGroup(PruneScore.MAGNITUDE, 1, 0.1).pruned(0, 0)).isZero();
        assertThat(adaption.predictedChange(0, 1, GROUP_WEIGHTS, GROUP_GRADIENT, 0.1)).isEqualTo(-1.7, within(1e-6));
        assertThat(adaption.predictedChange(0, 2, GROUP_WEIGHTS, GROUP_GRADIENT, 0.1))
                .isEqualTo(-1.7 - 0.9 - 0.15 - 0.4, within(1e-6));
    }

    private static BlockSwaps proposeGroup(PruneScore score, int swaps, double kappa) {
        NmBlocks grid = new NmBlocks(WeightShape.linear(3, 4), NmPattern.parse("2:4/g2"));
        Mask mask = Mask.empty(grid.shape(), 2);
        for (int i : new int[]{0, 1, 8, 9}) {
            mask.set(i, true);
        }
        BlockSwaps adaption = new BlockSwaps(grid, swaps, score);
        adaption.propose(GROUP_WEIGHTS, GROUP_GRADIENT, mask, kappa);
        return adaption;
    }

    @Test
    void densePatternsHaveNothingToSwap() {
        NmPattern dense = new NmPattern(4, 4);
        WeightShape shape = WeightShape.linear(1, 4);
        BlockSwaps adaption = new BlockSwaps(new NmBlocks(shape, dense), 1,
                PruneScore.ABS_SALIENCY);
        adaption.propose(storage(1, 2, 3, 4), storage(1, 1, 1, 1), Mask.full(shape), 1);
        assertThat(adaption.found(0)).isZero();
        assertThat(adaption.admissible(0)).isZero();
    }

    @Test
    void refusesDivergedTraining() {
        WeightShape shape = WeightShape.linear(1, 4);
        BlockSwaps adaption = new BlockSwaps(new NmBlocks(shape, TWO_OF_4), 1, PruneScore.SIGNED);
        assertThatThrownBy(() -> adaption.propose(storage(1, 2, 3, 4), storage(1, 1, Float.NaN, 1), Mask.empty(shape),
                1))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("Weight 2");
    }

    /** Item 5 of methods.md 6, on the loss sum_r log cosh(sum_i A_ri w_i - y_r). */
    @Test
    void firstOrderPredictionErrsBySecondOrder() {
        double coarse = predictionError(1e-2);
        double fine = predictionError(1e-3);
        assertThat(coarse).isPositive();
        assertThat(fine / coarse).isBetween(0.005, 0.02);
    }

    private static double predictionError(double epsilon) {
        int size = 16;
        WeightShape shape = WeightShape.linear(1, size);
        NmPattern pattern = new NmPattern(1, 4);
        SplittableRandom random = new SplittableRandom(3);
        double[][] a = new double[6][size];
        double[] y = new double[6];
        for (int r = 0; r < a.length; r++) {
            y[r] = random.nextDouble() - 0.5;
            for (int i = 0; i < size; i++) {
                a[r][i] = random.nextDouble() - 0.5;
            }
        }
        Mask mask = Mask.empty(shape);
        double[] w = new double[size];
        Storage weights = Storage.allocate(ElementType.DOUBLE, size);
        for (int i = 0; i < size; i += 4) {
            // Active weights small as epsilon: pruning them is a step of that size.
            w[i] = epsilon * (0.5 + random.nextDouble());
            mask.set(i, true);
            weights.set(i, w[i]);
        }
        Storage gradient = Storage.allocate(ElementType.DOUBLE, size);
        for (int i = 0; i < size; i++) {
            double g = 0;
            for (int r = 0; r < a.length; r++) {
                g += a[r][i] * Math.tanh(residual(a[r], w, y[r]));
            }
            gradient.set(i, g);
        }
        double kappa = epsilon;
        BlockSwaps adaption = new BlockSwaps(new NmBlocks(shape, pattern), 1, PruneScore.SIGNED);
        adaption.propose(weights, gradient, mask, kappa);
        double before = loss(a, w, y);
        double predicted = 0;
        for (int block = 0; block < 4; block++) {
            double change = adaption.predictedChange(block, 1, weights, gradient, kappa);
            if (adaption.admissible(block) == 1) {
                assertThat(change).isEqualTo(-adaption.lossReduction(block), within(1e-12));
            }
            predicted += change;
            w[adaption.pruned(block, 0)] = 0;
            w[adaption.revived(block, 0)] = -kappa * gradient.get(adaption.revived(block, 0));
        }
        return Math.abs(loss(a, w, y) - before - predicted);
    }

    private static double loss(double[][] a, double[] w, double[] y) {
        double loss = 0;
        for (int r = 0; r < a.length; r++) {
            loss += Math.log(Math.cosh(residual(a[r], w, y[r])));
        }
        return loss;
    }

    private static double residual(double[] row, double[] w, double y) {
        double sum = -y;
        for (int i = 0; i < w.length; i++) {
            sum += row[i] * w[i];
        }
        return sum;
    }

    private static BlockSwaps propose(PruneScore score, int swaps, double kappa) {
        WeightShape shape = WeightShape.linear(1, 4);
        Mask mask = Mask.empty(shape);
        mask.set(0, true);
        mask.set(1, true);
        BlockSwaps adaption = new BlockSwaps(new NmBlocks(shape, TWO_OF_4), swaps, score);
        adaption.propose(storage(0.1f, 0.5f, 0, 0), storage(-2, 0.3f, 1, -3), mask, kappa);
        return adaption;
    }

    private static Storage storage(float... values) {
        Storage storage = Storage.allocate(ElementType.FLOAT, values.length);
        for (int i = 0; i < values.length; i++) {
            storage.set(i, values[i]);
        }
        return storage;
    }
}
