package org.bame.baselines.srste;

import org.bame.method.Key;
import org.bame.method.Key.Status;

/** SR-STE (Zhou et al., ICLR 2021, arXiv 2102.04010; methods.md 5.1). */
public record SrSteConfiguration(
        @Key(
                value = "decay of masked weights, added to the gradient before momentum, at least 0; 0 is plain STE",
                status = Status.CODE) double lambda) {
    /** The published value. */
    public static SrSteConfiguration defaults() {
        return new SrSteConfiguration(2e-4);
    }
}
