package org.bame.baselines.transposable;

import org.bame.sparsity.TileLayout;

/**
 * Transposable masks (Hubara et al., NeurIPS 2021, arXiv 2102.08124; code: papers-submission/structured_transposable_masks).
 *
 * @param variant when masks are chosen ({@code DYNAMIC})
 * @param solver how a tile's mask is found ({@code PUBLISHED})
 * @param refreshInterval steps from one choice to the next in the dynamic variant, at least 1 (40; CODE)
 * @param layout what a tile is ({@code TILE}; STATED. The code's is the other one)
 */
public record TransposableConfiguration(Variant variant, Solver solver, int refreshInterval, Layout layout) {
    /** The published values. */
    public static TransposableConfiguration defaults() {
        return new TransposableConfiguration(Variant.DYNAMIC, Solver.PUBLISHED, 40, Layout.TILE);
    }

    Solver chosenSolver() {
        if (solver != Solver.PUBLISHED) {
            return solver;
        }
        return variant == Variant.DYNAMIC ? Solver.GREEDY : Solver.EXACT;
    }

    /** When masks are chosen. */
    public enum Variant {
        /** From scratch: a dense store, straight-through gradients without decay of masked weights, masks chosen now and then. */
        DYNAMIC,
        /**
         * Of a trained network: the recipe's epochs dense, then masks chosen once and the epochs again with the kept weights.
         * The second pass is the recipe's (ASSUMED); momentum of pruned weights is cleared (ASSUMED).
         */
        STATIC
    }

    /** How a tile's mask is found. */
    public enum Solver {
        /** Greedy in the dynamic variant, exact in the static one (CODE). */
        PUBLISHED,
        /** {@link org.bame.sparsity.GreedyTileSolver}: by falling magnitude, then swaps (ASSUMED) where a row stays short. */
        GREEDY,
        /** {@link MinimumCostFlowTileSolver}: the largest magnitude there is; much slower, and allocates. */
        EXACT
    }

    /** What a tile is. */
    public enum Layout {
        /** M outputs by M inputs at one kernel position. */
        TILE(TileLayout.OUTPUTS_BY_INPUTS),
        /**
         * M x M consecutive weights, as in the released code. Its memory order is [output][input][kernel], ours
         * [output][kernel][input]: the tiles agree where the kernel is 1x1, elsewhere ours are N:M along the inputs. W^T is not
         * N:M, so on N:M hardware the input gradient gains nothing.
         */
        TNM_REPO_COMPAT(TileLayout.CONSECUTIVE);

        private final TileLayout tiles;

        Layout(TileLayout tiles) {
            this.tiles = tiles;
        }

        TileLayout tiles() {
            return tiles;
        }
    }
}
