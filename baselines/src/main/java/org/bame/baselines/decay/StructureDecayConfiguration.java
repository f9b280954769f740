package org.bame.baselines.decay;

/**
 * Structure decay (Kao et al. 2022; Bambhaniya et al. 2024 and their code). Fractions are of the run, rounded to the nearest
 * step.
 *
 * @param variant through which patterns the mask goes to N:M, in time frames of equal lengths ({@code NM}; CODE, where it is
 *     called sparsify, and the default)
 * @param span how many times M the first frame of {@code DENSIFY} and {@code FINE} has, a power of 2 (8; CODE, whose
 *     README has 16)
 * @param denseFraction part of the run before the first mask (0.1; the phase is CODE, its length an argument there: ASSUMED)
 * @param fineTuneFraction part of the run at its end behind the last frame, N:M as in it (0.2; as before)
 */
public record StructureDecayConfiguration(
        Variant variant, int span, double denseFraction, double fineTuneFraction) {

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
