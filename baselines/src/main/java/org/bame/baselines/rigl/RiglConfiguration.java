package org.bame.baselines.rigl;

/**
 * RigL, and SET with the same schedule, as RigL's authors compare the two. Densities are the pattern's: {@code
 * unstructured@0.9} is uniform, {@code unstructured@0.9/erk} Erdos-Renyi-Kernel.
 *
 * @param interval dT, steps from one mask update to the next (100; paper and code, at batch 4096 on ImageNet and on CIFAR)
 * @param alpha share of a layer's kept weights that the first updates exchange (0.3; paper and code)
 * @param endFraction T_end as a fraction of the run, from where masks are fixed; 0: no update (0.75; paper and code)
 */
public record RiglConfiguration(int interval, double alpha, double endFraction) {
    /** The published values. */
    public static RiglConfiguration defaults() {
        return new RiglConfiguration(100, 0.3, 0.75);
    }
}
