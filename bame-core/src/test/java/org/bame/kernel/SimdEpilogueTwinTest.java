package org.bame.kernel;

/** The SIMD provider against the scalar twin. */
final class SimdEpilogueTwinTest extends EpilogueTwinTest {
    @Override
    Kernels candidate(int threads) {
        return new SimdKernels(threads, "test");
    }
}
