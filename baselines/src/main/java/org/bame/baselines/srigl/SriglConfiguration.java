package org.bame.baselines.srigl;

import org.bame.baselines.dynamic.DynamicConfiguration;
import org.bame.method.Key;
import org.bame.method.Key.Status;

/**
 * SRigL (Lasby et al., ICLR 2024, arXiv 2305.02299; methods.md 5.12). The published densities are Erdos-Renyi-Kernel ones:
 * pattern {@code fan_in@0.9/erk}.
 */
public record SriglConfiguration(
        @Key(
                value = "dT, steps from one mask update to the next: on CIFAR; on ImageNet 800 at batch 512",
                status = Status.CODE) int interval,
        @Key(
                value = "share of a layer's kept weights that the first updates exchange, above 0, at most 1",
                status = Status.CODE) double alpha,
        @Key(
                value = "T_end as a fraction of the run, from where masks are fixed; 0: no update",
                status = Status.CODE) double endFraction,
        @Key(
                value = "share of its fan-in that must be salient, or else a neuron is ablated, rounded down but at "
                        + "least one weight; 0: none is",
                status = Status.CODE) double gammaSal)
        implements
            DynamicConfiguration {
    /** The published values. */
    public static SriglConfiguration defaults() {
        return new SriglConfiguration(100, 0.3, 0.75, 0.3);
    }
}
