package org.bame.harness.cli;

import java.util.function.LongSupplier;

/** Estimates from the steps taken so far how long a run, and the sweep it belongs to, will still take. */
final class TimeLeft {

    private static final double NANOS = 1e9;

    private final LongSupplier nanoClock;
    private long startNanos;
    private long firstStep;
    private long totalSteps;
    private long stepsDone;
    private long stepsBehind;

    TimeLeft(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** A run begins, with so many steps of other runs of the sweep behind it. */
    void start(long first, long total, long behind) {
        startNanos = nanoClock.getAsLong();
        firstStep = first;
        stepsDone = first;
        totalSteps = total;
        stepsBehind = behind;
    }

    /** So many steps of the run are done. */
    void update(long done) {
        stepsDone = done;
    }

    /** Steps of the run, those of earlier processes included. */
    long stepsDone() {
        return stepsDone;
    }

    /** Steps per second since this process began the run; NaN before the first. */
    double stepsPerSecond() {
        double seconds = (nanoClock.getAsLong() - startNanos) / NANOS;
        return stepsDone == firstStep || seconds <= 0 ? Double.NaN : (stepsDone - firstStep) / seconds;
    }

    /** Of this run. */
    double runSeconds() {
        return (totalSteps - stepsDone) / stepsPerSecond();
    }

    /** Of the sweep, as if the steps of the runs behind took as long as this one's. */
    double sweepSeconds() {
        return runSeconds() + stepsBehind / stepsPerSecond();
    }
}
