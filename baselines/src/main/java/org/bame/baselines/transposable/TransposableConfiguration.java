package org.bame.baselines.transposable;

import org.bame.method.Key;
import org.bame.method.Key.Status;
import org.bame.sparsity.TileLayout;

/**
 * Transposable masks (Hubara et al., NeurIPS 2021, arXiv 2102.08124; code: papers-submission/structured_transposable_masks;
 * methods.md 5.5).
 */
public record TransposableConfiguration(
        @Key(
                value = "when masks are chosen: both are published, which is the default is assumed",
                status = Status.ASSUMED) Variant variant,
        @Key(
                value = "how a tile's mask is found: greedy in the dynamic variant and exact in the static one are "
                        + "the code's, the swaps behind a greedy mask that is short of weights are assumed",
                status = Status.ASSUMED) Solver solver,
        @Key(
                value = "steps from one choice to the next in the dynamic variant, at least 1",
                status = Status.CODE) int refreshInterval,
        @Key(
                value = "what a tile is: M outputs by M inputs, since only then W^T is N:M too; the released code's "
                        + "tiles are M x M consecutive weights",
                status = Status.DERIVED) Layout layout) {
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
