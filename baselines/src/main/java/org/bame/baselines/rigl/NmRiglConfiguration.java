package org.bame.baselines.rigl;

/**
 * N:M-RigL. No paper describes it: RigL's choices carried over to blocks, BAME without its loss term and without freezing.
 *
 * @param interval dT, steps from one mask update to the next (100; RigL's)
 * @param alpha share of a layer's blocks that the first updates may change (0.3; RigL's, there a share of the weights)
 * @param endFraction T_end as a fraction of the run, from where masks are fixed; 0: no update (0.75; RigL's)
 * @param swapsPerBlock most weights exchanged in a block at an update, at most min(N, M - N) (1; ASSUMED: BAME's)
 * @param gain by which blocks compete ({@code GROWN}; ASSUMED)
 */
public record NmRiglConfiguration(int interval, double alpha, double endFraction, int swapsPerBlock, Gain gain) {
    /** The documented defaults. */
    public static NmRiglConfiguration defaults() {
        return new NmRiglConfiguration(100, 0.3, 0.75, 1, Gain.GROWN);
    }

    /** What a block gains by an exchange; g is the gradient, squared, summed over the rows that share positions. */
    public enum Gain {
        /** {@code g^2} of the weights grown: RigL's criterion, and what BAME's tends to as its look-ahead grows. */
        GROWN,
        /**
         * {@code g^2} of the weights grown less that of the weights dropped, if it is positive: as in RigL, where a weight
         * just dropped may be grown again.
         */
        DIFFERENCE
    }
}
