package org.bame.baselines.dense2sparse;

import org.bame.method.MethodContext;
import org.bame.sparsity.SparsityPattern;

/**
 * When masks are updated, and what they keep then.
 *
 * @param start step of the first update, which still keeps every weight unless it is the last
 * @param end step of the last update
 * @param interval steps between updates
 */
record PruningSchedule(long start, long end, int interval) {
    static PruningSchedule of(GradualPruningConfiguration configuration, MethodContext context) {
        long last = context.totalSteps() - 1;
        return new PruningSchedule(
                Math.min(last, Math.round(configuration.startFraction() * context.totalSteps())),
                Math.min(last, Math.round(configuration.endFraction() * context.totalSteps())),
                configuration.interval());
    }

    boolean updatesAt(long step) {
        return step == end || step >= start && step < end && (step - start) % interval == 0;
    }

    /** What a layer keeps behind the update of a step: N:M patterns a rounded number of weights in M. */
    SparsityPattern patternBehind(long update, SparsityPattern target) {
        double left = start == end ? 0 : 1 - (double) (update - start) / (end - start);
        return target.relaxedTo(target.density() + (1 - target.density()) * left * left * left);
    }

    /** What a layer keeps during a step: an update takes effect with the next step. */
    SparsityPattern patternDuring(long step, SparsityPattern target) {
        if (step <= start) {
            return target.relaxedTo(1);
        }
        return patternBehind(step > end ? end : step - 1 - (step - 1 - start) % interval, target);
    }
}
