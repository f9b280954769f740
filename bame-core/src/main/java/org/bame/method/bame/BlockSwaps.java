package org.bame.method.bame;

import org.bame.kernel.Storage;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmBlocks;

/**
 * Swaps within a block of M consecutive inputs. The expected change separates, so the k-th best swap joins the k-th
 * cheapest victim and the pruned weight of k-th largest |G|.
 *
 * <p>Where outputs share positions, a swap exchanges two columns of a block: what it costs and brings is the sum over the
 * block's rows, and a weight stands for its column.
 */
public final class BlockSwaps implements LossAwareMaskAdaption {
    private final NmBlocks grid;
    private final PruneEstimate estimate;
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
    public BlockSwaps(NmBlocks grid, int swapsPerBlock, BameConfiguration.PruneScore score) {
        this.grid = grid;
        this.estimate = new PruneEstimate(score);
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

    /** As promised, for a mask with exactly N kept weights a block. */
    @Override
    public void propose(Storage weights, Storage gradient, Mask mask, double kappa) {
        for (int block = 0; block < blocks; block++) {
            rank(block, weights, gradient, mask);
            assess(block, weights, gradient, kappa);
        }
    }

    @Override
    public int found(int block) {
        return swaps;
    }

    @Override
    public int admissible(int block) {
        return admissible[block];
    }

    @Override
    public double lossReduction(int block) {
        return lossReduction[block];
    }

    @Override
    public int pruned(int block, int swap) {
        return pruned[block * swaps + swap];
    }

    @Override
    public int revived(int block, int swap) {
        return revived[block * swaps + swap];
    }

    @Override
    public int rows(int block) {
        return grid.rows(block);
    }

    @Override
    public int rowLength() {
        return rowLength;
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
                LossAwareMaskAdaption.requireFinite(weight, g, w);
                loss += estimate.rank(g, w);
                squares += g * g;
            }
            if (active) {
                victims = insert(pruned, victimScores, block * swaps, victims, i, loss);
            } else {
                revivals = insert(revived, revivalScores, block * swaps, revivals, i, -squares);
            }
        }
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
                loss += estimate.loss(gradient.get(i), weights.get(i));
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
