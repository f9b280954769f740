package org.bame.baselines.hrbp;

import org.bame.baselines.dynamic.DynamicConfiguration;
import org.bame.baselines.dynamic.Growth;
import org.bame.method.Key;
import org.bame.method.Key.Status;

/**
 * HRBP (Ma et al., CPAL 2024; methods.md 5.6). Only the abstract was available: that dense blocks are extracted by regrouping
 * filters on the kernel-wise mask is stated, everything else assumed. Densities are the pattern's, {@code unstructured@0.9} or
 * {@code unstructured@0.9/erk}; a layer keeps whole input channels of a group, so its own is rounded.
 */
public record HrbpConfiguration(
        @Key(
                value = "b, outputs of a group, which keep the same input channels, at least 1",
                status = Status.ASSUMED) int groupSize,
        @Key(
                value = "T_r, steps from one regrouping to the next: RigL's dT",
                status = Status.ASSUMED) int interval,
        @Key(
                value = "share of a layer's kernels that the first regroupings exchange before they group, above 0, "
                        + "at most 1: RigL's",
                status = Status.ASSUMED) double alpha,
        @Key(
                value = "fraction of the run from where masks are fixed (0: never regroup): RigL's",
                status = Status.ASSUMED) double endFraction,
        @Key(
                value = "the kernel-wise mask that the first grouping starts from",
                status = Status.ASSUMED) InitialMask initialMask,
        @Key(
                value = "which kernels come for those that went: RigL's",
                status = Status.ASSUMED) Growth growth)
        implements
            DynamicConfiguration {
    /** The documented defaults. */
    public static HrbpConfiguration defaults() {
        return new HrbpConfiguration(4, 100, 0.3, 0.75, InitialMask.MAGNITUDE, Growth.GRADIENT);
    }

    /** Kernels that are there before the first grouping. */
    public enum InitialMask {
        /** Those of largest L1 norm in the layer. */
        MAGNITUDE,
        /** Random ones. */
        RANDOM
    }
}
