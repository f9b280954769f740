package org.bame.baselines.decay;

/**
 * Decaying masks (Kao et al. 2022; Bambhaniya et al. 2024 and their code). Fractions are of the run, rounded to the nearest
 * step.
 *
 * @param decay how the factor beta of masked weights falls ({@code LINEAR}; both CODE, the choice ASSUMED: it reaches 0, and
 *     products run sparse from there)
 * @param k speed of the decay, per step (2e-4: CODE's default; {@code LINEAR} then reaches 0 after 5000 steps: raise it in
 *     short runs, or beta falls to 0 abruptly where the fine-tune phase begins)
 * @param denseFraction part of the run before the first mask (0.1; the phase is CODE, its length an argument there: ASSUMED)
 * @param fineTuneFraction part of the run at its end in which beta is 0 (0.2; as before)
 */
public record MaskDecayConfiguration(Decay decay, double k, double denseFraction, double fineTuneFraction) {
    /** The documented defaults. */
    public static MaskDecayConfiguration defaults() {
        return new MaskDecayConfiguration(Decay.LINEAR, 2e-4, 0.1, 0.2);
    }

    /** Factor of masked weights, t steps behind the dense phase. */
    public enum Decay {
        /** {@code max(0, 1 - k t)}. */
        LINEAR,
        /** {@code e^(-k t)}: above 0 until the fine-tune phase. */
        EXPONENTIAL
    }
}
