package org.bame.baselines.fst;

import org.bame.method.Key;
import org.bame.method.Key.Status;

/** FST (Hu et al., ICML 2024, arXiv 2404.01847; methods.md 5.9). */
public record FstConfiguration(
        @Key(
                value = "optimizer steps from one mask to the next, at least 1",
                status = Status.CODE) int interval,
        @Key(
                value = "decay of masked weights, added to the gradient: from the README of the authors' code",
                status = Status.CODE) double lambda,
        @Key(
                value = "whether the weight gradient is estimated from a 2:4 sample of dY",
                status = Status.CODE) boolean sampleGradient,
        @Key(
                value = "share of the run, at its end, that is dense fine-tuning: the README's example switches at "
                        + "iteration 250,000, and 300,000 iterations in all are assumed",
                status = Status.ASSUMED) double denseShare) {
    /** The published values. */
    public static FstConfiguration defaults() {
        return new FstConfiguration(40, 2e-4, true, 1.0 / 6);
    }

    /** The step from which a run is dense. */
    long denseFrom(long totalSteps) {
        return Math.round((1 - denseShare) * totalSteps);
    }
}
