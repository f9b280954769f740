package org.bame.baselines.decay;

import org.bame.method.MethodContext;

/** The factor beta of masked weights over a run. */
record BetaSchedule(MaskDecayConfiguration.Decay decay, double k, DecaySpan span) {
    static BetaSchedule of(MaskDecayConfiguration configuration, MethodContext context) {
        return new BetaSchedule(
                configuration.decay(),
                configuration.k(),
                DecaySpan.of(configuration.denseFraction(), configuration.fineTuneFraction(), context));
    }

    /** Whether there is no mask yet. */
    boolean isDense(long step) {
        return step < span.start();
    }

    /** The factor behind the dense phase; 0 in the fine-tune phase. */
    double beta(long step) {
        if (step >= span.end()) {
            return 0;
        }
        double decayed = k * (step - span.start());
        return switch (decay) {
            case LINEAR -> Math.max(0, 1 - decayed);
            case EXPONENTIAL -> StrictMath.exp(-decayed);
        };
    }
}
