package org.bame.baselines.maxq;

import org.bame.method.MethodContext;
import org.bame.sparsity.NmPattern;

/** How much is still dense, epoch by epoch: from 1 at {@code startEpoch} to 0 at {@code endEpoch}. */
record DenseShareRamp(MaxQConfiguration.Schedule schedule, long startEpoch, long endEpoch) {
    private static final double EXPONENTIAL_RATE = 0.05;

    static DenseShareRamp of(MaxQConfiguration configuration, MethodContext context) {
        double epochs = (double) context.totalSteps() / context.stepsPerEpoch();
        return new DenseShareRamp(
                configuration.schedule(),
                Math.round(configuration.decayStart() * epochs),
                Math.round(configuration.decayEnd() * epochs));
    }

    /** Dense share p in an epoch. */
    double at(long epoch) {
        if (epoch >= endEpoch) {
            return 0;
        }
        if (epoch <= startEpoch) {
            return 1;
        }
        double x = (double) (epoch - startEpoch) / (endEpoch - startEpoch);
        return switch (schedule) {
            case LINEAR -> 1 - x;
            case CUBIC -> (1 - x) * (1 - x) * (1 - x);
            case COSINE -> Math.cos(Math.PI * x / 2);
            case EXPONENTIAL -> 1 - progress(epoch - startEpoch) / progress(endEpoch - startEpoch - 1);
        };
    }

    private static double progress(long epochs) {
        return 1 - Math.exp(-EXPONENTIAL_RATE * epochs);
    }

    /** The pattern at a dense share if the ramp shrinks N. */
    static NmPattern shrunk(NmPattern target, double denseShare) {
        int pruned = (int) Math.floor((target.m() - target.n()) * (1 - denseShare));
        return target.withN(target.m() - pruned);
    }
}
