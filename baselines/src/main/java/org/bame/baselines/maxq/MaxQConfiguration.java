package org.bame.baselines.maxq;

import org.bame.method.Key;
import org.bame.method.Key.Status;

/**
 * MaxQ (Xiang et al., CVPR 2024, arXiv 2312.07061; methods.md 5.2). Defaults are those of its first code release; fractions
 * are of the run's epochs, rounded to whole epochs (so by default a run of one epoch has no ramp).
 */
public record MaxQConfiguration(
        @Key(
                value = "how the dense share falls during the ramp",
                status = Status.CODE) Schedule schedule,
        @Key(
                value = "where the ramp begins, as a fraction of the run",
                status = Status.CODE) double decayStart,
        @Key(
                value = "where the ramp ends, at least decayStart; equal to it: no ramp. Epoch 30 of 120 as in the first "
                        + "release; a later README example for 1:16 has epoch 90",
                status = Status.CODE) double decayEnd,
        @Key(
                value = "what the ramp does",
                status = Status.CODE) Ramp ramp,
        @Key(
                value = "whether a weight's rank in its filter strengthens it",
                status = Status.CODE) boolean filterMask,
        @Key(
                value = "whether, in 3x3 layers, a weight's rank at its kernel position strengthens it",
                status = Status.CODE) boolean kernelMask,
        @Key(
                value = "temperature of the soft masks, above 0",
                status = Status.CODE) double tau,
        @Key(
                value = "decay of masked weights, as in SR-STE, at least 0",
                status = Status.CODE) double lambda) {

    /** The published values. */
    public static MaxQConfiguration defaults() {
        return new MaxQConfiguration(Schedule.LINEAR, 0, 0.25, Ramp.BLOCKS, true, true, 0.01, 2e-4);
    }

    /** Dense share at fraction x of the ramp. */
    public enum Schedule {
        /** {@code 1 - x}. */
        LINEAR,
        /** {@code (1 - x)^3}. */
        CUBIC,
        /** {@code cos(pi x / 2)}. */
        COSINE,
        /** {@code e^(-0.05 k)} in epoch k of the ramp, shifted and scaled to reach 0 in the ramp's last epoch. */
        EXPONENTIAL
    }

    /** What a dense share p means. */
    public enum Ramp {
        /** The share p of a layer's blocks with the smallest L1 norms stays dense. */
        BLOCKS,
        /** The share p with the largest norms does. */
        INVERSE_BLOCKS,
        /** Every block keeps {@code M - floor((M - N) (1 - p))} weights. */
        SHRINK_N
    }
}
