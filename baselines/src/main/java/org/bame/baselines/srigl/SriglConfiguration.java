package org.bame.baselines.srigl;

/**
 * SRigL (Lasby et al., ICLR 2024). The published densities are Erdos-Renyi-Kernel ones: pattern {@code fan_in@0.9/erk}.
 *
 * @param interval dT, steps from one mask update to the next (100; code, on CIFAR: on ImageNet 800 at batch 512)
 * @param alpha share of a layer's kept weights that the first updates exchange (0.3; code)
 * @param endFraction T_end as a fraction of the run, from where masks are fixed; 0: no update (0.75; code)
 * @param gammaSal share of its fan-in that must be salient, or else a neuron is ablated, rounded down but at least one weight;
 *     0: none is (0.3; code)
 */
public record SriglConfiguration(int interval, double alpha, double endFraction, double gammaSal) {
    /** The published values. */
    public static SriglConfiguration defaults() {
        return new SriglConfiguration(100, 0.3, 0.75, 0.3);
    }
}
