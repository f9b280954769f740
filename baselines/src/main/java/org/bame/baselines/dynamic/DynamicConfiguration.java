package org.bame.baselines.dynamic;

/** The keys of {@link UpdateSchedule}, by the names that every dynamic method has for them. */
public interface DynamicConfiguration {
    /** Steps from one mask update to the next, at least 1. */
    int interval();

    /** Share that the first updates exchange, above 0, at most 1. */
    double alpha();

    /** Fraction of the run from where masks are fixed; 0: no update. */
    double endFraction();
}
