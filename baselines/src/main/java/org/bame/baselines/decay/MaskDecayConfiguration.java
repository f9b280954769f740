package org.bame.baselines.decay;

import org.bame.method.Key;
import org.bame.method.Key.Status;

/**
 * Decaying masks (Kao et al. 2022, arXiv 2209.07617; Bambhaniya et al. 2024, arXiv 2402.04744, and their code; methods.md 5.11).
 * Fractions are of the run, rounded to the nearest step.
 */
public record MaskDecayConfiguration(
        @Key(
                value = "how the factor beta of masked weights falls: both are the code's, the choice is assumed, "
                        + "since LINEAR reaches 0 and products run sparse from there",
                status = Status.ASSUMED) Decay decay,
        @Key(
                value = "speed of the decay, per step; by the default LINEAR reaches 0 after 5000 steps: raise it in "
                        + "short runs, or beta falls to 0 abruptly where the fine-tune phase begins",
                status = Status.CODE) double k,
        @Key(
                value = "part of the run before the first mask: the phase is the code's, its length an argument there",
                status = Status.ASSUMED) double denseFraction,
        @Key(
                value = "part of the run at its end in which beta is 0: the phase is the code's, its length an "
                        + "argument there",
                status = Status.ASSUMED) double fineTuneFraction) {
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
