package org.bame.baselines.fst;

/**
 * FST (Hu et al., ICML 2024, arXiv 2404.01847). Which key rests on what is said in methods.md 5.9.
 *
 * @param interval optimizer steps from one mask to the next (40; from the authors' code)
 * @param lambda decay of masked weights, added to the gradient (2e-4; stated in the README of the authors' code)
 * @param sampleGradient whether the weight gradient is estimated from a 2:4 sample of dY (true; from the authors' code)
 * @param denseShare share of the run, at its end, that is dense fine-tuning (1/6: assumed from the README's example, which
 *     switches at iteration 250,000 of 300,000)
 */
public record FstConfiguration(int interval, double lambda, boolean sampleGradient, double denseShare) {
    /** The published values. */
    public static FstConfiguration defaults() {
        return new FstConfiguration(40, 2e-4, true, 1.0 / 6);
    }

    /** The step from which a run is dense. */
    long denseFrom(long totalSteps) {
        return Math.round((1 - denseShare) * totalSteps);
    }
}
