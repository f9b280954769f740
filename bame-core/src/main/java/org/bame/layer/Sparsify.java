package org.bame.layer;

/** Whether a training method may make a layer sparse. */
public enum Sparsify {
    /** As {@link org.bame.sparsity.Sparsifiability} says. */
    DEFAULT,
    /** Never. */
    NEVER
}
