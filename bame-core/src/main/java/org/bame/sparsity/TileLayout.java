package org.bame.sparsity;

/**
 * Which weights a tile of M rows and M columns holds. Both layouts cut a matrix in memory order into tiles; its rows are
 * {@link #rowStride} weights long, and one row of a tile is a block of the pattern.
 */
public enum TileLayout {
    /**
     * M outputs of one convolution group by M inputs at one kernel position: a mask with N in every row and column of a tile
     * is N:M along the inputs and along the outputs, so W^T is N:M too.
     */
    OUTPUTS_BY_INPUTS,
    /** M x M consecutive weights: the columns of such a tile are no outputs, and nothing follows for W^T. */
    CONSECUTIVE;

    /** Distance in memory between a tile's weight and the one below it. */
    public int rowStride(WeightShape shape, NmPattern pattern) {
        return switch (this) {
            case OUTPUTS_BY_INPUTS -> shape.rowLength();
            case CONSECUTIVE -> pattern.m();
        };
    }

    /** The row behind the last one of the tile that begins with a row: M rows, or those that are left. */
    int tileEnd(int row, WeightShape shape, NmPattern pattern) {
        return switch (this) {
            case OUTPUTS_BY_INPUTS -> shape.outputBlockEnd(row, pattern.m());
            case CONSECUTIVE -> Math.min(row + pattern.m(), shape.size() / pattern.m());
        };
    }
}
