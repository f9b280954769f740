package org.bame.method.bame;

import org.bame.kernel.Storage;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmBlocks;

/**
 * Finds, for every block of a layer, the swaps (an active weight out, a pruned one in) that a first-order expansion of the
 * loss expects to help most (methods.md 4.2). With gradient G, pruning i changes the loss by {@code -G_i w_i} and reviving
 * j, which then moves by {@code -kappa G_j}, by {@code -kappa G_j^2}. The sum separates, so the k-th best swap joins the
 * k-th cheapest victim and the pruned weight of k-th largest |G|.
 *
 * <p>Where outputs share positions, a swap exchanges two columns of a block: what it costs and brings is the sum over the
 * block's rows, and a weight stands for its column.
 */
public final class LossAwareMaskAdaption {
    private final NmBlocks grid;
    private final BameConfiguration.PruneScore score;
    private final int blocks;
    private final int rowLength;
    private final int swaps;
    private final int[] pruned;
    private final int[] revived;
    private final int[] admissible;
    private final double[] lossReduction;
    private final double[] victimScores;
    private final double[] revivalScores;

    /**
     * Proposals for one layer.
     *
     * @param grid the layer's blocks
     * @param swapsPerBlock swaps to look for in a block; no more than min(N, M - N) exist
     */
    public LossAwareMaskAdaption(NmBlocks grid, int swapsPerBlock, BameConfiguration.PruneScore score) {
        this.grid = grid;
        this.score = score;
        this.blocks = grid.count();
        this.rowLength = grid.shape().rowLength();
        int n = grid.pattern().n();
        this.swaps = Math.min(swapsPerBlock, Math.min(n, grid.pattern().m() - n));
        this.pruned = new int[blocks * swaps];
        this.revived = new int[blocks * swaps];
        this.admissible = new int[blocks];
        this.lossReduction = new double[blocks];
        this.victimScores = new double[swaps];
        this.revivalScores = new double[swaps];
    }

    /**
     * Looks for the best swaps of every block.
     *
     * @param weights {@code FLOAT}, in mask order; pruned ones are 0
     * @param gradient dense gradient of the loss at these weights
     * @param mask with exactly N kept weights a block
     * @param kappa displacement of a revived weight per unit of gradient
     * @throws ArithmeticException if a weight or gradient is NaN or infinite
     */
    public void propose(Storage weights, Storage gradient, Mask mask, double kappa) {
        for (int block = 0; block < blocks; block++) {
            rank(block, weights, gradient, mask);
            assess(block, weights, gradient, kappa);
        }
    }

    /** Swaps found in every block: all of them, helpful or not. */
    public int swapsPerBlock() {
        return swaps;
    }

    /** How many of a block's swaps are expected to reduce the loss; they come first. */
    public int admissible(int block) {
        return admissible[block];
    }

    /** Expected loss reduction by the admissible swaps of a block, with the configured prune score: E_b, at least 0. */
    public double lossReduction(int block) {
        return lossReduction[block];
    }

    /** First-order loss change {@code sum (-G_i w_i - kappa G_j^2)}, signed, by the first {@code count} swaps of a block. */
    public double predictedChange(int block, int count, Storage weights, Storage gradient, double kappa) {
        double change = 0;
        for (int k = 0; k < count; k++) {
            int i = pruned(block, k);
            int j = revived(block, k);
            for (int row = 0; row < grid.rows(block); row++) {
                double g = gradient.get(j);
                change -= gradient.get(i) * weights.get(i) + kappa * g * g;
                i += rowLength;
                j += rowLength;
            }
        }
        return change;
    }

    /** The weight that swap {@code k} of a block takes out, in the block's first row. */
    public int pruned(int block, int k) {
        return pruned[block * swaps + k];
    }

    /** The weight that swap {@code k} of a block brings in, in the block's first row. */
    public int revived(int block, int k) {
        return revived[block * swaps + k];
    }

    /** Fills the block's victims, cheapest first, and revivals, largest gradient first; ties go to the lower index. */
    private void rank(int block, Storage weights, Storage gradient, Mask mask) {
        int victims = 0;
        int revivals = 0;
        int first = grid.first(block);
        int rows = grid.rows(block);
        for (int i = first; i < first + grid.pattern().m(); i++) {
            boolean active = mask.get(i);
            double loss = 0;
            double squares = 0;
            for (int row = 0; row < rows; row++) {
                int weight = i + row * rowLength;
                double g = gradient.get(weight);
                double w = weights.get(weight);
                // One test for both: the product with 0 is NaN if either is not finite.
                if (g * 0 + w * 0 != 0) {
                    throw new ArithmeticException("Weight " + weight + " is " + w + " with gradient " + g
                            + ", expected finite numbers: training diverged; lower the learning rate or clip gradients");
                }
                loss += victimScore(g, w);
                squares += g * g;
            }
            if (active) {
                victims = insert(pruned, victimScores, block * swaps, victims, i, loss);
            } else {
                revivals = insert(revived, revivalScores, block * swaps, revivals, i, -squares);
            }
        }
    }

    private double victimScore(double g, double w) {
        return switch (score) {
            case ABS_SALIENCY -> Math.abs(g * w);
            case SIGNED -> -g * w;
            case MAGNITUDE -> Math.abs(w);
        };
    }

    /** Inserts into the first {@code held} entries, rising by score, of which at most {@link #swaps} are kept. */
    private int insert(int[] indices, double[] scores, int from, int held, int index, double value) {
        int place = held;
        while (place > 0 && value < scores[place - 1]) {
            place--;
        }
        if (place == swaps) {
            return held;
        }
        int last = Math.min(held, swaps - 1);
        System.arraycopy(scores, place, scores, place + 1, last - place);
        System.arraycopy(indices, from + place, indices, from + place + 1, last - place);
        scores[place] = value;
        indices[from + place] = index;
        return last + 1;
    }

    private void assess(int block, Storage weights, Storage gradient, double kappa) {
        double total = 0;
        int count = 0;
        for (; count < swaps; count++) {
            double loss = 0;
            double gain = 0;
            int i = pruned(block, count);
            int j = revived(block, count);
            for (int row = 0; row < grid.rows(block); row++) {
                double saliency = gradient.get(i) * weights.get(i);
                loss += score == BameConfiguration.PruneScore.SIGNED ? -saliency : Math.abs(saliency);
                double g = gradient.get(j);
                gain += kappa * g * g;
                i += rowLength;
                j += rowLength;
            }
            double reduction = gain - loss;
            if (!(reduction > 0)) {
                break;
            }
            total += reduction;
        }
        admissible[block] = count;
        lossReduction[block] = total;
    }
}
