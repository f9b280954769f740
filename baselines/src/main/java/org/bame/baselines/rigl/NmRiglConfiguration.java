package org.bame.baselines.rigl;

import org.bame.baselines.dynamic.DynamicConfiguration;
import org.bame.method.Key;
import org.bame.method.Key.Status;

/** N:M-RigL. No paper describes it: RigL's choices carried over to blocks, BAME without its loss term and without freezing. */
public record NmRiglConfiguration(
        @Key(
                value = "dT, steps from one mask update to the next: RigL's",
                status = Status.ASSUMED) int interval,
        @Key(
                value = "share of a layer's blocks that the first updates may change, above 0, at most 1: RigL's, "
                        + "there a share of the weights",
                status = Status.ASSUMED) double alpha,
        @Key(
                value = "T_end as a fraction of the run, from where masks are fixed (0: no update): RigL's",
                status = Status.ASSUMED) double endFraction,
        @Key(
                value = "most weights exchanged in a block at an update, at most min(N, M - N): BAME's",
                status = Status.ASSUMED) int swapsPerBlock,
        @Key(
                value = "by which blocks compete",
                status = Status.ASSUMED) Gain gain)
        implements
            DynamicConfiguration {
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
