package org.bame.kernel;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;

/**
 * Chooses the kernels for this machine. The SIMD provider is refused, with the reason and the remedy, where the JVM would
 * run it many times slower than plain loops (no C2 compiler, a JVM without the intrinsics, the module not added).
 */
public final class KernelProviders {
    /** System property that forces the vector width (128, 256 or 512 bits), so that one machine tests all of them. */
    public static final String VECTOR_BITS_PROPERTY = "bame.vectorBits";

    private static final List<Integer> WIDTHS = List.of(128, 256, 512);
    private static final int FEWEST_VECTOR_BITS = 128;
    private static final int MOST_VECTOR_BITS = BatchLayout.WIDTH_UNIT * Float.SIZE;
    private static final String C2_LEVEL = "4";

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
        boolean module = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        String forced = System.getProperty(VECTOR_BITS_PROPERTY);
        if (module && forced != null) {
            // Before any kernel's class is loaded, which would fail with the width.
            Optional<String> obstacle = forcedWidthObstacle(forced, FloatVector.SPECIES_PREFERRED.vectorBitSize());
            if (obstacle.isPresent()) {
                return obstacle;
            }
        }
        HotSpotDiagnosticMXBean hotSpot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        return obstacle(
                System.getProperty("java.vm.name", ""),
                System.getProperty("java.vm.info", ""),
                module,
                name -> option(hotSpot, name),
                module ? Native.SPECIES.vectorBitSize() : 0);
    }

    /** Why vectors of a width that the user forces cannot be had on a machine whose widest are so many bits. */
    static Optional<String> forcedWidthObstacle(String forced, int widest) {
        List<String> widths = WIDTHS.stream().filter(bits -> bits <= widest).map(String::valueOf).toList();
        return widths.contains(forced)
                ? Optional.empty()
                : Optional.of("-D" + VECTOR_BITS_PROPERTY + " is '" + forced + "', expected " + String.join(" or ",
                        widths)
                        + ", the widths of this machine; correct it, or leave it out");
    }

    /** The same as a function of what it looks at. */
    static Optional<String> obstacle(
            String vmName, String vmInfo, boolean module, UnaryOperator<String> vmOption, int vectorBits) {
        if (!vmName.contains("HotSpot") && !vmName.contains("OpenJDK 64-Bit Server VM")) {
            return Optional.of("this JVM is '" + vmName + "', whose Vector API may be a hundred times slower; "
                    + "use the server VM of a HotSpot JDK 25 or newer (./bame finds one)");
        }
        if (!module) {
            return Optional.of("the module jdk.incubator.vector is missing; start Java with "
                    + "--add-modules jdk.incubator.vector (./bame does)");
        }
        if (vmInfo.contains("interpreted") || "false".equals(vmOption.apply("UseCompiler"))) {
            return Optional.of("the JVM only interprets; remove -Xint");
        }
        String level = vmOption.apply("TieredStopAtLevel");
        boolean quickOnly = "quick-only".equals(vmOption.apply("CompilationMode"));
        if (quickOnly || !level.isEmpty() && !level.equals(C2_LEVEL)) {
            return Optional.of("the C2 compiler is off (TieredStopAtLevel " + level
                    + "); remove -XX:TieredStopAtLevel and -XX:CompilationMode");
        }
        if ("true".equals(vmOption.apply("UseJVMCICompiler"))) {
            return Optional.of("a JVMCI compiler replaces C2, which runs the Vector API several times slower; "
                    + "start Java with -XX:-UseJVMCICompiler or use another JDK");
        }
        if (vectorBits < FEWEST_VECTOR_BITS || vectorBits > MOST_VECTOR_BITS) {
            return Optional.of("vectors have " + vectorBits + " bits, expected " + FEWEST_VECTOR_BITS + " to "
                    + MOST_VECTOR_BITS + "; use a CPU with SSE2, AVX or NEON, or force a width with -D"
                    + VECTOR_BITS_PROPERTY + "=512");
        }
        return Optional.empty();
    }

    private static String option(HotSpotDiagnosticMXBean hotSpot, String name) {
        try {
            return hotSpot == null ? "" : hotSpot.getVMOption(name).getValue();
        } catch (IllegalArgumentException e) {
            return ""; // This JVM has no such option.
        }
    }
}
