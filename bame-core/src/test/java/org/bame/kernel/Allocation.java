package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * Measures what kernel calls allocate, on the caller's and every worker's heap. The build runs these tests in a JVM of
 * their own and with the launcher's flags: in one that has run hundreds of other tests before, with checked accesses, C2 now and
 * then leaves the vectors of some method on the heap, whatever the method.
 */
final class Allocation {
    /** Tag of the tests that measure. */
    static final String TAG = "allocation";

    private Allocation() {}

    /** Until the compiler is done, vectors are objects: waits for calls without garbage on every kernel thread. */
    static void assertNone(String name, Runnable call) throws InterruptedException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] ids = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread == Thread.currentThread() || thread.getName().startsWith("bame-kernel"))
                .mapToLong(Thread::threadId)
                .toArray();
        long deadline = System.nanoTime() + 60_000_000_000L;
        long allocated;
        do {
            for (int i = 0; i < 500; i++) {
                call.run();
            }
            Thread.sleep(5);
            allocated = -allocated(threads, ids) - allocatedByAsking(threads, ids);
            for (int i = 0; i < 100; i++) {
                call.run();
            }
            allocated += allocated(threads, ids);
        } while (allocated > 0 && System.nanoTime() < deadline);
        assertThat(allocated).as("bytes that 100 calls of %s allocate", name).isLessThanOrEqualTo(0);
    }

    private static long allocatedByAsking(ThreadMXBean threads, long[] ids) {
        long before = allocated(threads, ids);
        return allocated(threads, ids) - before;
    }

    private static long allocated(ThreadMXBean threads, long[] ids) {
        long sum = 0;
        for (long id : ids) {
            sum += threads.getThreadAllocatedBytes(id);
        }
        return sum;
    }
}
