package org.bame.kernel;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;

/**
 * Chooses the kernels for this machine. The SIMD provider is refused, with the reason and the remedy, where the JVM would
 * run it many times slower than plain loops (no C2 compiler, a JVM without the intrinsics, the module not added).
 */
public final class KernelProviders {
    private static final int FEWEST_VECTOR_BITS = 128;

    private KernelProviders() {}

    /**
     * The SIMD provider.
     *
     * @param threads threads of a product, the caller's included
     * @throws UnsupportedOperationException if this JVM cannot run it fast; the message says why and what to do
     */
    public static Kernels simd(int threads) {
        Optional<String> obstacle = obstacle();
        if (obstacle.isPresent()) {
            throw new UnsupportedOperationException("No SIMD kernels: " + obstacle.get()
                    + ". Or choose the scalar kernels with --kernels scalar (hundreds of times slower).");
        }
        return new SimdKernels(threads, "jdk.incubator.vector present, C2 on, " + ManagementFactory.getRuntimeMXBean()
                .getVmName());
    }

    /** The scalar twin: correct anywhere, slow everywhere. */
    public static Kernels scalar() {
        return new ScalarKernels();
    }

    /** Why the SIMD provider does not run here, with the remedy; empty if it does. */
    public static Optional<String> obstacle() {
        String vm = System.getProperty("java.vm.name", "");
        if (!vm.contains("HotSpot") && !vm.contains("OpenJDK")) {
            return Optional.of("this JVM is '" + vm + "', whose Vector API may be a hundred times slower; "
                    + "use a HotSpot JDK 25 or newer (./bame finds one)");
        }
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return Optional.of("the module jdk.incubator.vector is missing; start Java with "
                    + "--add-modules jdk.incubator.vector (./bame does)");
        }
        List<String> arguments = ManagementFactory.getRuntimeMXBean().getInputArguments();
        for (String argument : arguments) {
            if (argument.equals("-Xint") || argument.equals("-XX:TieredStopAtLevel=1")
                    || argument.equals("-XX:+UseJVMCICompiler") || argument.equals("-client")) {
                return Optional.of("the C2 compiler is off (" + argument + "); remove that JVM option");
            }
        }
        if (Native.SPECIES.vectorBitSize() < FEWEST_VECTOR_BITS) {
            return Optional.of("vectors have " + Native.SPECIES.vectorBitSize() + " bits, expected at least "
                    + FEWEST_VECTOR_BITS + "; use a CPU with SSE2, AVX or NEON");
        }
        return Optional.empty();
    }
}
