package org.bame.method.bame;

import org.bame.method.MethodContext;

/**
 * The phases of a run in steps: A before {@code start}, B (adaptation) before {@code end}, C after it.
 *
 * @param start t_i
 * @param end t_f
 * @param interval T
 * @param gradientBatches steps whose gradients an adaptation averages
 * @param backwardInterval steps between choices of the input gradient's own mask
 * @param adapting whether phase B adapts at all
 */
record BameSchedule(
        long start, long end, int interval, int gradientBatches, int backwardInterval, boolean adapting) {
    static BameSchedule of(BameConfiguration configuration, MethodContext context) {
        boolean dense = context.nm().n() == context.nm().m();
        return new BameSchedule(
                Math.round(configuration.initFraction() * context.totalSteps()),
                Math.round(configuration.finalFraction() * context.totalSteps()),
                configuration.interval(),
                configuration.gradientBatches(),
                configuration.backwardInterval(),
                configuration.adaptation() && !dense);
    }

    /** Whether a step's weight gradient must be dense: an adaptation at it, or soon after it, uses it. */
    boolean needsDenseGradientAt(long step) {
        if (!adapting || step < start) {
            return false;
        }
        long next = start + Math.ceilDiv(step - start, interval) * interval;
        return next < end && next - step < gradientBatches;
    }

    /** Whether masks are adapted at a step. */
    boolean adaptsAt(long step) {
        return adapting && step >= start && step < end && (step - start) % interval == 0;
    }

    /** Whether the input gradient's own mask is chosen anew at a step, adaptation or not. */
    boolean choosesBackwardMaskAt(long step) {
        return step % backwardInterval == 0;
    }

    /** Adaptations before the one at a step. */
    long adaptationsBefore(long step) {
        return (step - start) / interval;
    }

    /** Share of the blocks that may change at a step of phase B. */
    double budget(BameConfiguration configuration, long step) {
        double x = (double) (step - start) / (end - start);
        return switch (configuration.budget()) {
            case COSINE -> configuration.rho0() / 2 * (1 + Math.cos(Math.PI * x));
            case CONSTANT -> configuration.rho0();
        };
    }
}
