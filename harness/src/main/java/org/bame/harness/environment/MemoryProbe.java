package org.bame.harness.environment;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Memory of the machine and of this process. */
public final class MemoryProbe {

    private static final Logger LOG = LoggerFactory.getLogger(MemoryProbe.class);
    private static final Path CLEAR_REFS = Path.of("/proc/self/clear_refs");
    /** See proc(5): sets the peak back to the memory resident now. */
    private static final String RESET_PEAK = "5";
    private static final long KIB = 1024;

    private MemoryProbe() {}

    /** Physical memory of the machine (or container). */
    public static long physicalBytes() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 0;
    }

    /**
     * Begins a new measurement of the peak, where the system lets us; else the peak is the process's. What an earlier
     * run left off the heap is freed by the collection, but the allocator keeps its pages: the peak of a run is never
     * below what the runs before it left resident.
     */
    public static void resetPeak() {
        System.gc();
        try {
            if (Files.exists(CLEAR_REFS)) {
                Files.writeString(CLEAR_REFS, RESET_PEAK);
            }
        } catch (IOException e) {
            LOG.debug("The peak of resident memory cannot be reset: {}", e.toString());
        }
    }

    /** Largest resident memory since the reset: Linux's {@code VmHWM}; elsewhere the Java heap in use now. */
    public static long peakBytes() {
        Runtime runtime = Runtime.getRuntime();
        return peakBytes("self").orElseGet(() -> runtime.totalMemory() - runtime.freeMemory());
    }

    /** Largest resident memory of another process; empty where the system does not tell. */
    public static OptionalLong peakBytes(long process) {
        return peakBytes(String.valueOf(process));
    }

    private static OptionalLong peakBytes(String process) {
        Path status = Path.of("/proc", process, "status");
        try {
            if (Files.exists(status)) {
                for (String line : Files.readAllLines(status)) {
                    if (line.startsWith("VmHWM:")) {
                        return OptionalLong.of(Long.parseLong(line.replaceAll("\\D", "")) * KIB);
                    }
                }
            }
        } catch (IOException e) {
            LOG.debug("No resident memory known of process {}: {}", process, e.toString());
        }
        return OptionalLong.empty();
    }
}
