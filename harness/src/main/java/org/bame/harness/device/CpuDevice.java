package org.bame.harness.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.bame.kernel.KernelProviders;
import org.bame.kernel.Kernels;

/** The processor. */
public final class CpuDevice implements Device {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String describe() {
        return model() + ", " + usualThreads() + " processors, "
                + KernelProviders.obstacle()
                        .map(obstacle -> "no SIMD kernels: " + obstacle)
                        .orElse(vectorBits() + "-bit vectors");
    }

    /** From Linux's {@code /proc/cpuinfo}; elsewhere the architecture. */
    @Override
    public String model() {
        if (Files.isReadable(CPU_INFO)) {
            try (Stream<String> lines = Files.lines(CPU_INFO)) {
                return lines.filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElseGet(CpuDevice::architecture);
            } catch (IOException e) {
                return architecture();
            }
        }
        return architecture();
    }

    @Override
    public int usualThreads() {
        return Runtime.getRuntime().availableProcessors();
    }

    @Override
    public int vectorBits() {
        if (KernelProviders.obstacle().isPresent()) {
            return 0;
        }
        try (Kernels kernels = KernelProviders.simd(1)) {
            return Integer.parseInt(kernels.provider().replaceAll("\\D", ""));
        }
    }

    @Override
    public Kernels open(int threads, KernelChoice choice) {
        return switch (choice) {
            case SIMD -> KernelProviders.simd(threads);
            case SCALAR -> KernelProviders.scalar();
        };
    }

    private static String architecture() {
        return System.getProperty("os.arch");
    }
}
