package org.bame.harness.statistics;

/** Which way a quantity ought to go. */
public enum Goal {
    /** As accuracy. */
    HIGHER,
    /** As time. */
    LOWER,
    /** As the cost of one and the same run: a change either way means that something else was trained or counted. */
    UNCHANGED
}
