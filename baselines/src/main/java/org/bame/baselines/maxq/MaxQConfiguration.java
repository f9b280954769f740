package org.bame.baselines.maxq;

/**
 * MaxQ (Xiang et al., CVPR 2024). Defaults are those of its first code release; fractions are of the run's epochs, rounded
 * to whole epochs (so by default a run of one epoch has no ramp).
 *
 * @param schedule how the dense share falls during the ramp ({@code LINEAR})
 * @param decayStart where the ramp begins (0)
 * @param decayEnd where it ends, at least {@code decayStart}; equal to it: no ramp (0.25: epoch 30 of 120)
 * @param ramp what the ramp does ({@code BLOCKS})
 * @param filterMask whether a weight's rank in its filter strengthens it (true)
 * @param kernelMask whether, in 3x3 layers, its rank at its kernel position does (true)
 * @param tau temperature of the soft masks (0.01)
 * @param lambda decay of masked weights (2e-4)
 */
public record MaxQConfiguration(
        Schedule schedule,
        double decayStart,
        double decayEnd,
        Ramp ramp,
        boolean filterMask,
        boolean kernelMask,
        double tau,
        double lambda) {

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
