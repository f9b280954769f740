package org.bame.method.bame;

import org.bame.kernel.Storage;
import org.bame.sparsity.Mask;

/**
 * Finds, for every block of a layer, the swaps (an active weight out, a pruned one in) that a first-order expansion of the
 * loss expects to help most (methods.md 4.2). With gradient G, pruning i changes the loss by {@code -G_i w_i}, and reviving
 * j, which then moves by {@code -kappa G_j}, by {@code -kappa G_j^2}. What moves a block may make is the implementation's.
 */
public sealed interface LossAwareMaskAdaption permits BlockSwaps, TileCycles {

    /**
     * Looks for the best swaps of every block.
     *
     * @param weights {@code FLOAT}, in mask order; pruned ones are 0
     * @param gradient dense gradient of the loss at these weights
     * @param mask now
     * @param kappa displacement of a revived weight per unit of gradient
     * @throws ArithmeticException if a weight or gradient is NaN or infinite
     */
    void propose(Storage weights, Storage gradient, Mask mask, double kappa);

    /** Swaps found in a block, helpful or not. */
    int found(int block);

    /** How many of a block's swaps are expected to reduce the loss; they come first. */
    int admissible(int block);

    /** Expected loss reduction by the admissible swaps of a block, with the configured prune score: E_b, at least 0. */
    double lossReduction(int block);

    /** The weight that a swap of a block takes out; of several outputs that share positions, the first output's. */
    int pruned(int block, int swap);

    /** The weight that a swap of a block brings in; of several outputs that share positions, the first output's. */
    int revived(int block, int swap);

    /** Consecutive outputs in which a swap of a block exchanges the same positions. */
    int rows(int block);

    /** Weights from one output to the next. */
    int rowLength();

    /** First-order loss change {@code sum (-G_i w_i - kappa G_j^2)}, signed, by the first {@code count} swaps of a block. */
    default double predictedChange(int block, int count, Storage weights, Storage gradient, double kappa) {
        double change = 0;
        for (int k = 0; k < count; k++) {
            int i = pruned(block, k);
            int j = revived(block, k);
            for (int row = 0; row < rows(block); row++) {
                double g = gradient.get(j);
                change -= gradient.get(i) * weights.get(i) + kappa * g * g;
                i += rowLength();
                j += rowLength();
            }
        }
        return change;
    }

    /** @throws ArithmeticException if a weight or its gradient is NaN or infinite */
    static void requireFinite(int weight, double g, double w) {
        // One test for both: the product with 0 is NaN if either is not finite.
        if (g * 0 + w * 0 != 0) {
            throw new ArithmeticException("Weight " + weight + " is " + w + " with gradient " + g
                    + ", expected finite numbers: training diverged; lower the learning rate or clip gradients");
        }
    }
}
