package org.bame.baselines.dense;

/** Dense training has no choices. */
public record DenseConfiguration() {}
