package org.bame.baselines.slope;

import org.bame.sparsity.WeightShape;

/**
 * SLoPe (Mozaffari et al., ICLR 2025, arXiv 2405.16325). Which key rests on what is said in methods.md 5.10, unless told.
 *
 * @param rowMask how the static mask is chosen ({@code RANDOM}: general knowledge of the paper)
 * @param interval optimizer steps from one mask of the input gradient to the next (100; from the authors' code)
 * @param adapterShare share of the run, at its end, with low-rank adapters (0.01; from the authors' code)
 * @param rankShare rank of the adapters over the smaller side of the weight matrix {@code [outputs][kernel x inputs]} (0.0156:
 *     assumed; the paper's figure is a share of the hidden dimension), rounded, at least rank 1
 * @param maxAspectRatio layers whose outputs and input channels (at one kernel position: assumed) differ by more than this
 *     factor stay dense (5; from the authors' code)
 */
public record SlopeConfiguration(
        RowMask rowMask, int interval, double adapterShare, double rankShare, double maxAspectRatio) {

    /** The published values. */
    public static SlopeConfiguration defaults() {
        return new SlopeConfiguration(RowMask.RANDOM, 100, 0.01, 0.0156, 5);
    }

    /** How the static mask is chosen. */
    public enum RowMask {
        /** At random. */
        RANDOM,
        /** The largest of the initial weights, as in the authors' code: random as well, but with larger weights. */
        MAGNITUDE
    }

    /** The step from which there are adapters. */
    long adaptersFrom(long totalSteps) {
        return Math.round((1 - adapterShare) * totalSteps);
    }

    /** Rank of the adapters of a layer. */
    int rank(WeightShape shape) {
        return Math.max(1, (int) Math.round(rankShare * Math.min(shape.outputs(), shape.rowLength())));
    }

    /** Whether a layer stays dense. */
    boolean skips(WeightShape shape) {
        int longer = Math.max(shape.outputs(), shape.inputs());
        return longer > maxAspectRatio * Math.min(shape.outputs(), shape.inputs());
    }
}
