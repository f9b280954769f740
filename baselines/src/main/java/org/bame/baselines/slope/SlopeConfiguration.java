package org.bame.baselines.slope;

import org.bame.method.Key;
import org.bame.method.Key.Status;
import org.bame.sparsity.WeightShape;

/** SLoPe (Mozaffari et al., ICLR 2025, arXiv 2405.16325; methods.md 5.10). */
public record SlopeConfiguration(
        @Key(
                value = "how the static mask is chosen: at random by the paper; the authors' code prunes the initial "
                        + "weights by magnitude",
                status = Status.GENERAL) RowMask rowMask,
        @Key(
                value = "optimizer steps from one mask of the input gradient to the next, at least 1",
                status = Status.CODE) int interval,
        @Key(
                value = "share of the run, at its end, with low-rank adapters",
                status = Status.CODE) double adapterShare,
        @Key(
                value = "rank of the adapters over the smaller side of the weight matrix [outputs][kernel x inputs], "
                        + "rounded, at least rank 1; the paper's figure is a share of the hidden dimension",
                status = Status.ASSUMED) double rankShare,
        @Key(
                value = "layers whose outputs and input channels differ by more than this factor stay dense: the "
                        + "factor is the authors' code's, that channels are counted at one kernel position is assumed",
                status = Status.ASSUMED) double maxAspectRatio) {

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
