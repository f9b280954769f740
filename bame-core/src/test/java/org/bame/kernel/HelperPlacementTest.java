package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads of their own stand for the caller, so that binding them harms no other test. */
@Timeout(60)
final class HelperPlacementTest {
    private static final int[] ALL = Processors.allowed(Processors.thread());

    @BeforeEach
    void needsLinuxAndTwoProcessors() {
        assumeTrue(ALL.length > 1, "needs Linux and two processors");
    }

    @Test
    void aHelperSeenOnTheCallersProcessorIsMovedAndOneSeenElsewhereIsNot() throws InterruptedException {
        CyclicBarrier turn = new CyclicBarrier(2);
        HelperPlacement placement = new HelperPlacement(1);
        int[] helper = new int[1];
        Thread thread = Thread.ofPlatform().start(() -> {
            helper[0] = Processors.thread();
            placement.register(0);
            for (int processor : new int[]{ALL[0], ALL[1]}) {
                Processors.bind(helper[0], Processors.set(processor));
                placement.begins(0);
                await(turn);
                await(turn);
            }
        });
        onThread(() -> {
            Processors.bind(Processors.thread(), Processors.set(ALL[0]));
            await(turn);
            placement.beforeJob();
            assertThat(Processors.allowed(helper[0])).as("seen on the caller's").isEqualTo(but(ALL[0]));
            placement.afterJob();
            assertThat(Processors.allowed(helper[0])).isEqualTo(ALL);
            await(turn);
            await(turn);
            placement.beforeJob();
            assertThat(Processors.allowed(helper[0])).as("seen elsewhere, as it was").containsExactly(ALL[1]);
            placement.afterJob();
            assertThat(Processors.allowed(helper[0])).containsExactly(ALL[1]);
            await(turn);
        });
        thread.join();
    }

    @Test
    void aHelperThatCannotBePlacedEndsIt() throws InterruptedException {
        HelperPlacement placement = new HelperPlacement(1);
        int[] helper = new int[1];
        onThread(() -> {
            helper[0] = Processors.thread();
            Processors.bind(helper[0], Processors.set(ALL[0]));
            placement.register(0);
            placement.begins(0);
        });
        while (Processors.allowed(helper[0]).length > 0) {
            sleep(); // The system's thread ends after Java's.
        }
        onThread(() -> {
            Processors.bind(Processors.thread(), Processors.set(ALL[0]));
            assertThat(placement.active()).isTrue();
            placement.beforeJob();
            assertThat(placement.active()).as("a thread that has ended").isFalse();
        });
    }

    @Test
    void thePoolLeavesItsHelperFree() throws InterruptedException {
        onThread(() -> {
            try (WorkerPool pool = new WorkerPool(2)) {
                for (int caller : ALL) {
                    Processors.bind(Processors.thread(), Processors.set(caller));
                    for (int job = 0; job < 50; job++) {
                        int[] helper = new int[1];
                        AtomicInteger arrived = new AtomicInteger();
                        pool.run(2, (task, worker) -> {
                            if (worker == 1) {
                                helper[0] = Processors.thread();
                            }
                            arrived.incrementAndGet();
                            while (arrived.get() < 2) {
                                Thread.yield();
                            }
                        });
                        assertThat(Processors.allowed(helper[0])).isEqualTo(ALL);
                    }
                }
            }
        });
    }

    @Test
    void oneProcessorNoHelperOrThePropertyLeaveAllToTheSystem() throws InterruptedException {
        assertThat(new HelperPlacement(0).active()).as("no helpers").isFalse();
        onThread(() -> {
            Processors.bind(Processors.thread(), Processors.set(ALL[0]));
            assertThat(new HelperPlacement(1).active()).as("one processor").isFalse();
        });
        System.setProperty(HelperPlacement.PROPERTY, "false");
        try {
            assertThat(new HelperPlacement(1).active()).isFalse();
        } finally {
            System.clearProperty(HelperPlacement.PROPERTY);
        }
        assertThat(new HelperPlacement(1).active()).isTrue();
    }

    private static int[] but(int processor) {
        return Arrays.stream(ALL).filter(p -> p != processor).toArray();
    }

    private static void sleep() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
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
