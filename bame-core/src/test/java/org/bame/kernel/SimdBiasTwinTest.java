package org.bame.kernel;

/** The SIMD provider against the scalar twin. */
final class SimdBiasTwinTest extends BiasTwinTest {
    @Override
    Kernels candidate(int threads) {
        return new SimdKernels(threads, "test");
    }
}
