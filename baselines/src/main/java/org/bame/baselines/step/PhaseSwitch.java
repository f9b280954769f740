package org.bame.baselines.step;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.bame.method.MethodContext;
import org.bame.method.Optimizer;

/**
 * When phase 1 ends (methods.md 5.8): behind step t (from 1) if {@code t > T_max}, or {@code t > T_min} and the mean of the last
 * {@code floor(1 / (1 - beta2))} changes of the second moments is below epsilon; of fewer, if there have not been so many.
 */
final class PhaseSwitch {
    private static final long NEVER_YET = Long.MAX_VALUE;
    /** 1 / (1 - 0.999) is a little less than 1000 in floating point. */
    private static final double ROUNDING = 1e-6;

    private final long minSteps;
    private final long maxSteps;
    private final double epsilon;
    private final double[] window;
    private long seen;
    private long firstSparseStep = NEVER_YET;

    PhaseSwitch(StepConfiguration configuration, MethodContext context, Optimizer.AdamW adam) {
        this.minSteps = (long) (configuration.minFraction() * context.totalSteps());
        this.maxSteps = latest(configuration, context) - 1;
        this.epsilon = adam.epsilon();
        this.window = new double[(int) (1 / (1 - adam.beta2()) + ROUNDING)];
    }

    /** First step (from 0) of phase 2 if the changes never fall below epsilon. */
    static long latest(StepConfiguration configuration, MethodContext context) {
        return (long) (configuration.maxFraction() * context.totalSteps()) + 1;
    }

    /** Whether a step (from 0) belongs to phase 2. */
    boolean sparseAt(long step) {
        return step >= firstSparseStep;
    }

    /** Whether the first step of phase 2 is known. */
    boolean decided() {
        return firstSparseStep != NEVER_YET;
    }

    /** First step (from 0) of phase 2, once {@link #decided}. */
    long firstSparseStep() {
        return firstSparseStep;
    }

    /**
     * Takes in a step of phase 1.
     *
     * @param step its index, from 0
     * @param change mean change of the second moments
     */
    void record(long step, double change) {
        window[(int) (seen++ % window.length)] = change;
        long taken = step + 1;
        if (taken > maxSteps || taken > minSteps && mean() < epsilon) {
            firstSparseStep = step + 1;
        }
    }

    private double mean() {
        int count = (int) Math.min(seen, window.length);
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += window[i];
        }
        return sum / count;
    }

    void save(DataOutput out) throws IOException {
        out.writeLong(firstSparseStep);
        out.writeLong(seen);
        for (double change : window) {
            out.writeDouble(change);
        }
    }

    void restore(DataInput in) throws IOException {
        firstSparseStep = in.readLong();
        seen = in.readLong();
        for (int i = 0; i < window.length; i++) {
            window[i] = in.readDouble();
        }
    }
}
