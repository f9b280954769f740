package org.bame.baselines.dense2sparse;

import org.bame.method.Key;
import org.bame.method.Key.Status;

/**
 * Gradual pruning (methods.md 5.13). The sparsity rises by {@code s(t) = s_f (1 - (1 - x)^3)}, x from 0 to 1 between two
 * steps (Zhu and Gupta 2017, arXiv 1710.01878).
 */
public record GradualPruningConfiguration(
        @Key(
                value = "share of the run, at its start, that is dense: step 10,000 of the 31,250 of JaxPruner's ResNet-50",
                status = Status.DERIVED) double startFraction,
        @Key(
                value = "share of the run after which masks are fixed, at least startFraction: step 25,000 of JaxPruner's "
                        + "31,250",
                status = Status.DERIVED) double endFraction,
        @Key(
                value = "steps from one mask update to the next; the last one is at endFraction whatever the "
                        + "interval, so equal fractions prune at once: Zhu and Gupta name 100 to 1,000, JaxPruner's "
                        + "1,000 would leave few updates in a run on as little data as CIFAR-10",
                status = Status.ASSUMED) int interval) {
    /** The values above. */
    public static GradualPruningConfiguration defaults() {
        return new GradualPruningConfiguration(0.32, 0.8, 100);
    }
}
