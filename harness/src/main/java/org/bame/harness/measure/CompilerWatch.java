package org.bame.harness.measure;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/** Watches Java's compilers, which are at work in threads of their own until the code that is called often is at its best. */
final class CompilerWatch {

    /** What the second compiler takes for a large kernel at most (quick shapes on a Zen 5, one trial). */
    private static final long KERNEL_MILLIS = 100;

    /** Time is told only when a method is done: a shorter silence may be a method in progress. */
    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(3 * KERNEL_MILLIS);

    /** Null where there is none. */
    private final CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
    private final long beginMillis = totalMillis();
    private long heardMillis = beginMillis;
    private long heardNanos = System.nanoTime();

    private long totalMillis() {
        return compilers == null ? 0 : compilers.getTotalCompilationTime();
    }

    /** Whether nothing was compiled for a while; to be asked again and again. */
    boolean isQuiet() {
        long now = System.nanoTime();
        long total = totalMillis();
        if (total != heardMillis) {
            heardMillis = total;
            heardNanos = now;
        }
        return now - heardNanos > QUIET_NANOS;
    }

    /**
     * Tells the user if a kernel may have been compiled since this watch was made, before the timed calls.
     *
     * @param timed what was timed
     * @param remedy an option that warms up longer
     */
    void report(String timed, String remedy, MeasureObserver observer) {
        long millis = totalMillis() - beginMillis;
        if (millis > KERNEL_MILLIS) {
            observer.note(timed + ": Java's compilers worked " + millis
                    + " ms during the timed rounds, some of which may"
                    + " have run unfinished code. If p90 is far above the median, measure again with more " + remedy);
        }
    }
}
