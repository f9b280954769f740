package org.bame.layer;

import java.util.Arrays;

/** Nanoseconds accumulated by {@link Clock}. Adding allocates nothing; one thread writes. */
public final class StepClocks {
    private final long[] nanos = new long[Clock.values().length];

    /** Adds a measured span. */
    public void add(Clock clock, long spanNanos) {
        nanos[clock.ordinal()] += spanNanos;
    }

    /** Nanoseconds on one clock. */
    public long nanos(Clock clock) {
        return nanos[clock.ordinal()];
    }

    /** Nanoseconds on the clocks that count as training time. */
    public long trainingNanos() {
        long sum = 0;
        for (Clock clock : Clock.values()) {
            if (clock.training()) {
                sum += nanos(clock);
            }
        }
        return sum;
    }

    /** An independent copy, for differences. */
    public StepClocks copy() {
        StepClocks copy = new StepClocks();
        System.arraycopy(nanos, 0, copy.nanos, 0, nanos.length);
        return copy;
    }

    /** Sets every clock to 0. */
    public void reset() {
        Arrays.fill(nanos, 0);
    }

    /**
     * Sum of the clocks that are measured inside a training step by its parts: all but waiting, evaluation and the
     * rest.
     */
    long measuredStepNanos() {
        return trainingNanos() + nanos(Clock.LOSS_PROBE) - nanos(Clock.DATA_WAIT) - nanos(Clock.OTHER);
    }
}
