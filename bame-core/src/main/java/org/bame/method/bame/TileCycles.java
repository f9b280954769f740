package org.bame.method.bame;

import org.bame.kernel.Storage;
import org.bame.sparsity.Mask;
import org.bame.sparsity.NmBlocks;

/**
 * Swaps that leave the number of kept weights in every row and every column of a tile of M outputs by M inputs as it is, so
 * that a mask stays transposable (methods.md 4.5): 4-cycles, which prune (r1, c1) and (r2, c2) and revive (r1, c2) and
 * (r2, c1). A cycle is two swaps, one in each row; the unit of choosing and freezing is the tile.
 *
 * <p>Of the order of M^4 cycles in a tile the best is found in M^2 steps times the kept weights of a row: for two given
 * rows the expected change is a sum of what c1 decides and what c2 decides. Several cycles of a tile are of different
 * rows, the best first, so that they do not touch each other.
 */
public final class TileCycles implements LossAwareMaskAdaption {
    /** A row's kept columns are the bits of a long. */
    static final int LARGEST_M = Long.SIZE;

    private final NmBlocks tiles;
    private final PruneEstimate estimate;
    private final int m;
    private final int rowLength;
    private final int swaps;
    private final int[] pruned;
    private final int[] revived;
    private final int[] found;
    private final int[] admissible;
    private final double[] lossReduction;
    /** Of one tile, by row and column: what pruning costs, in which order, and what reviving brings. */
    private final double[] loss;
    private final double[] rank;
    private final double[] gain;
    /** Of one tile: the kept columns of each row. */
    private final long[] kept;
    /** Of one tile, by pair of rows: the column that each prunes, and the loss reduction expected; NaN: no cycle. */
    private final int[] firstColumn;
    private final int[] secondColumn;
    private final double[] reduction;

    /**
     * Proposals for one layer.
     *
     * @param tiles the layer's tiles: blocks of M outputs each
     * @param cyclesPerTile cycles to look for in a tile, from 1 to M / 2
     */
    public TileCycles(NmBlocks tiles, int cyclesPerTile, BameConfiguration.PruneScore score) {
        this.tiles = tiles;
        this.estimate = new PruneEstimate(score);
        this.m = tiles.pattern().m();
        this.rowLength = tiles.shape().rowLength();
        this.swaps = 2 * cyclesPerTile;
        int count = tiles.count();
        this.pruned = new int[count * swaps];
        this.revived = new int[count * swaps];
        this.found = new int[count];
        this.admissible = new int[count];
        this.lossReduction = new double[count];
        this.loss = new double[m * m];
        this.rank = new double[m * m];
        this.gain = new double[m * m];
        this.kept = new long[m];
        this.firstColumn = new int[m * m];
        this.secondColumn = new int[m * m];
        this.reduction = new double[m * m];
    }

    /** As promised, for a mask with as many kept weights in each row of a tile. */
    @Override
    public void propose(Storage weights, Storage gradient, Mask mask, double kappa) {
        for (int tile = 0; tile < tiles.count(); tile++) {
            assess(tile, weights, gradient, mask, kappa);
            int rows = tiles.rows(tile);
            for (int r1 = 0; r1 < rows; r1++) {
                for (int r2 = r1 + 1; r2 < rows; r2++) {
                    join(r1, r2);
                }
            }
            choose(tile, rows);
        }
    }

    private void assess(int tile, Storage weights, Storage gradient, Mask mask, double kappa) {
        for (int row = 0; row < tiles.rows(tile); row++) {
            kept[row] = 0;
            for (int column = 0; column < m; column++) {
                int weight = weight(tile, row, column);
                double g = gradient.get(weight);
                double w = weights.get(weight);
                LossAwareMaskAdaption.requireFinite(weight, g, w);
                int place = row * m + column;
                loss[place] = estimate.loss(g, w);
                rank[place] = estimate.rank(g, w);
                gain[place] = kappa * g * g;
                if (mask.get(weight)) {
                    kept[row] |= 1L << column;
                }
            }
        }
    }

    /** Finds the best cycle of two rows: each prunes where the other may revive. */
    private void join(int r1, int r2) {
        int pair = r1 * m + r2;
        int c1 = victim(r1, r2);
        int c2 = victim(r2, r1);
        if (c1 < 0 || c2 < 0) {
            reduction[pair] = Double.NaN;
            return;
        }
        firstColumn[pair] = c1;
        secondColumn[pair] = c2;
        reduction[pair] = gain[r1 * m + c2] + gain[r2 * m + c1] - loss[r1 * m + c1] - loss[r2 * m + c2];
    }

    /**
     * The column that a row prunes and another revives; -1 if there is none. By magnitude the victim is chosen for its own
     * sake, else together with what its column brings the other row.
     */
    private int victim(int row, int reviver) {
        int best = -1;
        double bestScore = 0;
        for (long columns = kept[row] & ~kept[reviver]; columns != 0; columns &= columns - 1) {
            int column = Long.numberOfTrailingZeros(columns);
            double score = estimate.score() == BameConfiguration.PruneScore.MAGNITUDE
                    ? -rank[row * m + column]
                    : gain[reviver * m + column] - loss[row * m + column];
            if (best < 0 || score > bestScore) {
                best = column;
                bestScore = score;
            }
        }
        return best;
    }

    private void choose(int tile, int rows) {
        found[tile] = 0;
        admissible[tile] = 0;
        lossReduction[tile] = 0;
        long free = -1L >>> Long.SIZE - rows;
        while (found[tile] < swaps) {
            int best = bestPair(free, rows);
            if (best < 0) {
                return;
            }
            int r1 = best / m;
            int r2 = best % m;
            int at = tile * swaps + found[tile];
            pruned[at] = weight(tile, r1, firstColumn[best]);
            revived[at] = weight(tile, r1, secondColumn[best]);
            pruned[at + 1] = weight(tile, r2, secondColumn[best]);
            revived[at + 1] = weight(tile, r2, firstColumn[best]);
            found[tile] += 2;
            if (reduction[best] > 0) {
                admissible[tile] += 2;
                lossReduction[tile] += reduction[best];
            }
            free &= ~(1L << r1 | 1L << r2);
        }
    }

    /** The pair of free rows with the best cycle; -1 if no two free rows have one. Ties go to the first. */
    private int bestPair(long free, int rows) {
        int best = -1;
        for (int r1 = 0; r1 < rows; r1++) {
            for (int r2 = r1 + 1; r2 < rows; r2++) {
                int pair = r1 * m + r2;
                boolean possible = (free >>> r1 & free >>> r2 & 1) != 0 && !Double.isNaN(reduction[pair]);
                if (possible && (best < 0 || reduction[pair] > reduction[best])) {
                    best = pair;
                }
            }
        }
        return best;
    }

    private int weight(int tile, int row, int column) {
        return tiles.first(tile) + row * rowLength + column;
    }

    @Override
    public int found(int tile) {
        return found[tile];
    }

    @Override
    public int admissible(int tile) {
        return admissible[tile];
    }

    @Override
    public double lossReduction(int tile) {
        return lossReduction[tile];
    }

    @Override
    public int pruned(int tile, int swap) {
        return pruned[tile * swaps + swap];
    }

    @Override
    public int revived(int tile, int swap) {
        return revived[tile * swaps + swap];
    }

    /** One: the outputs of a tile choose for themselves. */
    @Override
    public int rows(int tile) {
        return 1;
    }

    @Override
    public int rowLength() {
        return rowLength;
    }
}
