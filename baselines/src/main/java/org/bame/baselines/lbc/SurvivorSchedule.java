package org.bame.baselines.lbc;

import org.bame.method.MethodContext;

/**
 * How many candidates of a block are left over a run: {@code 1 + ceil((C - 1) (1 - (e - t_i) / (t_f - t_i))^exponent)} in
 * epoch e.
 *
 * @param candidates C
 * @param start t_i, in epochs
 * @param end t_f, in epochs
 * @param exponent of the course
 * @param perEpoch whether e is a whole number
 * @param stepsPerEpoch steps of an epoch
 */
record SurvivorSchedule(
        int candidates, double start, double end, double exponent, boolean perEpoch, int stepsPerEpoch) {
    /** So far above a whole number, rounding lifts what is one. */
    private static final double ROUNDING = 1e-9;

    static SurvivorSchedule of(LbcConfiguration configuration, MethodContext context) {
        double epochs = (double) context.totalSteps() / context.stepsPerEpoch();
        return new SurvivorSchedule(
                Candidates.count(context.nm()),
                configuration.initialFraction() * epochs,
                configuration.finalFraction() * epochs,
                configuration.exponent(),
                configuration.perEpoch(),
                context.stepsPerEpoch());
    }

    /** Candidates that each block still has at a step. */
    int survivors(long step) {
        double epoch = perEpoch ? step / stepsPerEpoch : (double) step / stepsPerEpoch;
        if (epoch >= end) {
            return 1;
        }
        if (epoch <= start) {
            return candidates;
        }
        double left = StrictMath.pow(1 - (epoch - start) / (end - start), exponent);
        return 1 + (int) Math.ceil((candidates - 1) * left - ROUNDING);
    }
}
