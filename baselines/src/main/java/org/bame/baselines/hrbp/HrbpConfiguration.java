package org.bame.baselines.hrbp;

import org.bame.baselines.dynamic.Growth;

/**
 * HRBP (Ma et al., CPAL 2024). Only the abstract was available: that dense blocks are extracted by regrouping filters on the
 * kernel-wise mask is STATED, everything else ASSUMED (methods.md 5.6). Densities are the pattern's, {@code
 * unstructured@0.9} or {@code unstructured@0.9/erk}; a layer keeps whole input channels of a group, so its own is rounded.
 *
 * @param groupSize b, outputs of a group, which keep the same input channels (4; ASSUMED)
 * @param interval T_r, steps from one regrouping to the next (100; ASSUMED: RigL's dT)
 * @param alpha share of a layer's kernels that the first regroupings exchange before they group (0.3; ASSUMED: RigL's)
 * @param endFraction as a fraction of the run, from where masks are fixed; 0: never regroup (0.75; ASSUMED: RigL's)
 * @param initialMask the kernel-wise mask that the first grouping starts from ({@code MAGNITUDE}; ASSUMED)
 * @param growth which kernels come for those that went ({@code GRADIENT}; ASSUMED: RigL's)
 */
public record HrbpConfiguration(
        int groupSize, int interval, double alpha, double endFraction, InitialMask initialMask, Growth growth) {
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
