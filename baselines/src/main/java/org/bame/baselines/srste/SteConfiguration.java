package org.bame.baselines.srste;

/** The plain straight-through estimator has no choices. */
public record SteConfiguration() {}
