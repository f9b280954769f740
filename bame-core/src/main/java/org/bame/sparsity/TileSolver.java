package org.bame.sparsity;

/**
 * Chooses the mask of one tile of M columns: exactly N weights in every row, at most N in every column, of large total
 * magnitude. With M rows that makes exactly N in every column.
 */
public interface TileSolver {
    /**
     * Chooses. The result depends on the arguments alone.
     *
     * @param magnitudes row by row, M a row; finite and at least 0
     * @param rows of the tile, from 1 to M; what the arrays hold beyond them is of no concern
     * @param kept receives the choice, in the order of {@code magnitudes}
     */
    void solve(float[] magnitudes, int rows, boolean[] kept);
}
