package org.bame.harness.device;

/** Which kernels a user wants. */
public enum KernelChoice {
    /** The fast ones; refused with a reason where the JVM would run them slowly. */
    SIMD,
    /** Their plain twins: correct anywhere, slow everywhere. */
    SCALAR
}
