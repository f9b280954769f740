package org.bame.baselines.rigl;

import org.bame.baselines.dynamic.DynamicConfiguration;
import org.bame.method.Key;
import org.bame.method.Key.Status;

/**
 * RigL, and SET with the same schedule, as RigL's authors compare the two (methods.md 5.12). Densities are the pattern's:
 * {@code unstructured@0.9} is uniform, {@code unstructured@0.9/erk} Erdos-Renyi-Kernel.
 */
public record RiglConfiguration(
        @Key(
                value = "dT, steps from one mask update to the next: at batch 4096 on ImageNet, and on CIFAR",
                status = Status.CODE) int interval,
        @Key(
                value = "share of a layer's kept weights that the first updates exchange, above 0, at most 1",
                status = Status.CODE) double alpha,
        @Key(
                value = "T_end as a fraction of the run, from where masks are fixed; 0: no update",
                status = Status.CODE) double endFraction)
        implements
            DynamicConfiguration {
    /** The published values. */
    public static RiglConfiguration defaults() {
        return new RiglConfiguration(100, 0.3, 0.75);
    }
}
