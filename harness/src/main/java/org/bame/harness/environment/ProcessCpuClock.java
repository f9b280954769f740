package org.bame.harness.environment;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Adds up the processor time that this process gets, all threads together, between starts and stops. */
public final class ProcessCpuClock {

    private long sumNanos;
    private long startNanos;

    /** Begins to count. */
    public void start() {
        startNanos = now();
    }

    /** Counts what was used since {@link #start}. */
    public void stop() {
        sumNanos += now() - startNanos;
    }

    /** The sum up to the last {@link #stop}; 0 if the system does not tell. */
    public long nanos() {
        return sumNanos;
    }

    private static long now() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? Math.max(0, system.getProcessCpuTime())
                : 0;
    }
}
