package org.bame.baselines.dense2sparse;

/**
 * Gradual pruning. The sparsity rises by {@code s(t) = s_f (1 - (1 - x)^3)}, x from 0 to 1 between two steps (Zhu and Gupta
 * 2017; stated).
 *
 * @param startFraction of the run before which it is dense (0.32: JaxPruner's ResNet-50, step 10,000 of 31,250; from its
 *     code)
 * @param endFraction of the run after which masks are fixed, at least {@code startFraction} (0.8: step 25,000; from its code)
 * @param interval steps from one mask update to the next; the last one is at {@code endFraction} whatever the interval, so
 *     equal fractions prune at once (100, assumed: of the 100 to 1,000 that Zhu and Gupta name; JaxPruner's 1,000 would leave
 *     few updates in a run of a data set as small as CIFAR-10)
 */
public record GradualPruningConfiguration(double startFraction, double endFraction, int interval) {
    /** The values above. */
    public static GradualPruningConfiguration defaults() {
        return new GradualPruningConfiguration(0.32, 0.8, 100);
    }
}
