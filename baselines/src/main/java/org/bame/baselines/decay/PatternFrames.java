package org.bame.baselines.decay;

import java.util.ArrayList;
import java.util.List;
import org.bame.method.MethodContext;
import org.bame.sparsity.NmPattern;

/** The patterns of structure decay over a run: dense at first, then frames of equal lengths, the last of which stays. */
record PatternFrames(List<NmPattern> patterns, DecaySpan span) {
    static PatternFrames of(StructureDecayConfiguration configuration, MethodContext context) {
        return new PatternFrames(
                patterns(configuration, context.nm()),
                DecaySpan.of(configuration.denseFraction(), configuration.fineTuneFraction(), context));
    }

    private static List<NmPattern> patterns(StructureDecayConfiguration configuration, NmPattern target) {
        List<NmPattern> patterns = new ArrayList<>();
        int n = target.n();
        int m = target.m();
        // Costs are asked for before the configuration is checked.
        int span = Math.max(1, configuration.span());
        switch (configuration.variant()) {
            case NM -> {
                for (int kept = n; kept < m - 1; kept *= 2) {
                    patterns.addFirst(target.withN(kept));
                }
                patterns.addFirst(target.withN(Math.max(n, m - 1)));
            }
            case DENSIFY -> {
                for (int times = span; times >= 1; times /= 2) {
                    patterns.add(new NmPattern(n, times * m, target.rowGroup()));
                }
            }
            case FINE -> {
                for (int times = span; times >= 1; times /= 2) {
                    patterns.add(new NmPattern(times * n, times * m, target.rowGroup()));
                }
            }
        }
        return List.copyOf(patterns);
    }

    /** Whether there is no mask yet. */
    boolean isDense(long step) {
        return step < span.start();
    }

    /** The frame of a step behind the dense phase. Of fewer steps than frames the last ones remain. */
    int frame(long step) {
        int last = patterns.size() - 1;
        if (step >= span.end()) {
            return last;
        }
        long steps = span.end() - span.start();
        return (int) (((step - span.start() + 1) * patterns.size() - 1) / steps);
    }

    /** Kept share at a step. */
    double density(long step) {
        return isDense(step) ? 1 : patterns.get(frame(step)).density();
    }
}
