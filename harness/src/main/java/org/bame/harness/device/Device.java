package org.bame.harness.device;

import org.bame.kernel.Kernels;

/** A kind of hardware that the products run on. */
public interface Device {

    /** Name in columns, for example {@code cpu}. */
    String name();

    /** One line: what is there. */
    String describe();

    /** Model name, for the environment record. */
    String model();

    /** Threads that {@link #open} uses when the user does not say. */
    int usualThreads();

    /** Width of the vector registers that its fast kernels use, in bits; 0 if there are none. */
    int vectorBits();

    /**
     * Starts its kernels; close them at the end.
     *
     * @throws UnsupportedOperationException if they cannot run here; the message says why and what to do
     */
    Kernels open(int threads, KernelChoice choice);
}
