package org.bame.baselines.fixed;

/** Static random sparsity has no choices but the run's seed. */
public record StaticConfiguration() {}
