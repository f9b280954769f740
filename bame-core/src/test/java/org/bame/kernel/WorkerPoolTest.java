package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class WorkerPoolTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void runsEveryTaskOnce(int threads) {
        try (WorkerPool pool = new WorkerPool(threads)) {
            for (int tasks : new int[]{0, 1, 2, 3, 100}) {
                AtomicIntegerArray runs = new AtomicIntegerArray(100);
                for (int i = 0; i < 50; i++) {
                    pool.run(tasks, (task, worker) -> {
                        assertThat(worker).isBetween(0, threads - 1);
                        runs.incrementAndGet(task);
                    });
                }
                for (int task = 0; task < 100; task++) {
                    assertThat(runs.get(task)).isEqualTo(task < tasks ? 50 : 0);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void throwsWhatATaskThrowsAndGoesOn(int threads) {
        try (WorkerPool pool = new WorkerPool(threads)) {
            for (int i = 0; i < 20; i++) {
                assertThatThrownBy(() -> pool.run(10, (task, worker) -> {
                    if (task == 7) {
                        throw new ArithmeticException("seven");
                    }
                })).isInstanceOf(ArithmeticException.class).hasMessage("seven");
                AtomicIntegerArray runs = new AtomicIntegerArray(3);
                pool.run(3, (task, worker) -> runs.incrementAndGet(task));
                assertThat(runs.toString()).isEqualTo("[1, 1, 1]");
            }
        }
    }

    @Test
    void memoryThatRanOutForOneWorkerIsMadeTheNextTime() {
        int[] calls = {0};
        try (WorkerPool pool = new WorkerPool(2, floats -> {
            if (calls[0]++ == 1) {
                throw new OutOfMemoryError("made up");
            }
            return floats(floats);
        })) {
            assertThatThrownBy(() -> pool.reserve(100)).isInstanceOf(OutOfMemoryError.class);
            pool.reserve(100);
            assertThat(pool.memory(1)).as("memory of the helper").isNotZero();
            assertThat(calls[0]).as("allocations: one each, and one that failed").isEqualTo(3);
        }
    }

    /** The caller spins while it waits, so an interrupt alone would not end it. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aHelperThatComesTooLateIsNotWaitedFor() {
        CountDownLatch heard = new CountDownLatch(1);
        Semaphore onTime = new Semaphore(0);
        try (WorkerPool pool = new WorkerPool(2, WorkerPoolTest::floats, helpers -> new HelperPlacement(helpers) {
            @Override
            void begins(int helper) {
                heard.countDown();
                onTime.acquireUninterruptibly();
            }
        })) {
            AtomicIntegerArray runs = new AtomicIntegerArray(8);
            pool.run(8, (task, worker) -> {
                await(heard);
                assertThat(worker).as("worker of task %s", task).isZero();
                runs.incrementAndGet(task);
            });
            assertThat(runs.toString()).as("done by the caller alone").isEqualTo("[1, 1, 1, 1, 1, 1, 1, 1]");

            onTime.release(2);
            CountDownLatch both = new CountDownLatch(2);
            pool.run(2, (task, worker) -> {
                both.countDown();
                await(both);
            });
        }
    }

    /** Jobs so short that helpers often come too late for them, or in time for the next. */
    @Test
    void shortJobsLoseNoTaskAndDoNoneTwice() {
        try (WorkerPool pool = new WorkerPool(4)) {
            for (int job = 0; job < 20_000; job++) {
                AtomicIntegerArray runs = new AtomicIntegerArray(5);
                pool.run(5, (task, worker) -> runs.incrementAndGet(task));
                assertThat(runs.toString()).isEqualTo("[1, 1, 1, 1, 1]");
            }
        }
    }

    @Test
    void refusesWorkAfterClose() {
        WorkerPool pool = new WorkerPool(2);
        pool.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> pool.run(2, (task, worker) -> {}))
                .withMessageContaining("closed");
    }

    @Test
    void refusesASecondCaller() throws InterruptedException {
        try (WorkerPool pool = new WorkerPool(2)) {
            CountDownLatch started = new CountDownLatch(1);
            CountDownLatch finish = new CountDownLatch(1);
            Thread first = Thread.ofPlatform().start(() -> pool.run(1, (task, worker) -> {
                started.countDown();
                await(finish);
            }));
            started.await();
            assertThatIllegalStateException()
                    .isThrownBy(() -> pool.run(1, (task, worker) -> {}))
                    .withMessageContaining("another thread");
            finish.countDown();
            first.join();
        }
    }

    private static Storage floats(long count) {
        return Storage.allocate(ElementType.FLOAT, count);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
