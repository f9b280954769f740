package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thread of its own stands for the caller, so that binding it harms no other test. */
@Timeout(60)
final class HelperPlacementTest {
    private static final int PROCESSORS = Processors.allowed(Processors.thread()).length;

    @Test
    void helpersKeepOffTheCallersProcessor() throws InterruptedException {
        assumeTrue(PROCESSORS > 1, "needs Linux and two processors");
        onThread(() -> {
            int[] all = Processors.allowed(Processors.thread());
            try (WorkerPool pool = new WorkerPool(all.length)) {
                for (int round = 0; round < 3; round++) {
                    for (int processor : all) {
                        assertThat(Processors.bind(Processors.thread(), processor)).isTrue();
                        int[] threads = new int[all.length];
                        AtomicInteger arrived = new AtomicInteger();
                        pool.run(all.length, (task, worker) -> {
                            threads[worker] = Processors.thread();
                            arrived.incrementAndGet();
                            while (arrived.get() < all.length) {
                                Thread.onSpinWait();
                            }
                        });
                        int[] used = new int[all.length];
                        for (int worker = 1; worker < all.length; worker++) {
                            int[] allowed = Processors.allowed(threads[worker]);
                            assertThat(allowed).as("processors of helper %s", worker).hasSize(1);
                            used[worker] = allowed[0];
                        }
                        used[0] = processor;
                        assertThat(Arrays.stream(used).sorted().toArray()).isEqualTo(all);
                    }
                }
            }
        });
    }

    @Test
    void fewerThreadsThanProcessorsAreLeftToTheSystem() throws InterruptedException {
        assumeTrue(PROCESSORS > 1, "needs Linux and two processors");
        onThread(() -> {
            int own = Processors.thread();
            assertThat(Processors.bind(own, Processors.current())).isTrue();
            assertThat(new HelperPlacement(1).active()).as("one processor, two threads").isFalse();
        });
        assertThat(new HelperPlacement(PROCESSORS).active()).as("more threads than processors").isFalse();
        assertThat(new HelperPlacement(0).active()).as("no helpers").isFalse();
    }

    @Test
    void thePropertyTurnsItOff() {
        assumeTrue(PROCESSORS > 1, "needs Linux and two processors");
        System.setProperty(HelperPlacement.PROPERTY, "false");
        try {
            assertThat(new HelperPlacement(PROCESSORS - 1).active()).isFalse();
        } finally {
            System.clearProperty(HelperPlacement.PROPERTY);
        }
        assertThat(new HelperPlacement(PROCESSORS - 1).active()).isTrue();
    }

    private static void onThread(Runnable work) throws InterruptedException {
        Throwable[] thrown = new Throwable[1];
        Thread thread = Thread.ofPlatform().unstarted(work);
        thread.setUncaughtExceptionHandler((any, e) -> thrown[0] = e);
        thread.start();
        thread.join();
        assertThat(thrown[0]).isNull();
    }
}
