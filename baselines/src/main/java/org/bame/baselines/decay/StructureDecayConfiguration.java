package org.bame.baselines.decay;

import org.bame.method.Key;
import org.bame.method.Key.Status;

/**
 * Structure decay (Kao et al. 2022, arXiv 2209.07617; Bambhaniya et al. 2024, arXiv 2402.04744, and their code; methods.md 5.11).
 * Fractions are of the run, rounded to the nearest step.
 */
public record StructureDecayConfiguration(
        @Key(
                value = "through which patterns the mask goes to N:M, in time frames of equal lengths: what the code "
                        + "calls sparsify, its default",
                status = Status.CODE) Variant variant,
        @Key(
                value = "how many times M the first frame of DENSIFY and FINE has, a power of 2; the README has 16",
                status = Status.CODE) int span,
        @Key(
                value = "part of the run before the first mask: the phase is the code's, its length an argument there",
                status = Status.ASSUMED) double denseFraction,
        @Key(
                value = "part of the run at its end behind the last frame, N:M as in it: the phase is the code's, its "
                        + "length an argument there",
                status = Status.ASSUMED) double fineTuneFraction) {

    /** The documented defaults. */
    public static StructureDecayConfiguration defaults() {
        return new StructureDecayConfiguration(Variant.NM, 8, 0.1, 0.2);
    }

    /** The patterns of the frames; the last is N:M. */
    public enum Variant {
        /**
         * M-1:M, then N:M times powers of 2 that keep fewer: for 1:16 it is 15:16, 8:16, 4:16, 2:16, 1:16. (The code's loop
         * has a frame less, and lets the fine-tune phase take the last one's place; its comment says as is done here.)
         */
        NM,
        /** From few to many: for 1:4 and span 8 it is 1:32, 1:16, 1:8, 1:4. All M must divide the inputs of every sparse layer. */
        DENSIFY,
        /** As many throughout, more and more evenly: 8:32, 4:16, 2:8, 1:4. All M must divide the inputs of every sparse layer. */
        FINE
    }
}
