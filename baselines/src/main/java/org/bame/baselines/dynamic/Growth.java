package org.bame.baselines.dynamic;

/** Which weights come for those that went. */
public enum Growth {
    /** Those of largest gradient (RigL); updates need a dense weight gradient. */
    GRADIENT,
    /** Random ones (SET). */
    RANDOM
}
