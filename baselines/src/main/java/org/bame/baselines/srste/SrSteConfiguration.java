package org.bame.baselines.srste;

/**
 * SR-STE.
 *
 * @param lambda strength of the decay of masked weights, at least 0 (2e-4: Zhou et al. 2021 and their code)
 */
public record SrSteConfiguration(double lambda) {
    /** The published value. */
    public static SrSteConfiguration defaults() {
        return new SrSteConfiguration(2e-4);
    }
}
