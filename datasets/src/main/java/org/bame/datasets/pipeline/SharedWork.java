package org.bame.datasets.pipeline;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Numbered tasks shared among threads, the caller being one of them. Which thread does which is left to chance; which
 * failure is told is not: that of the lowest number.
 */
final class SharedWork {

    private static final ThreadFactory HELPERS = Thread.ofPlatform().daemon().name("bame-decoder-", 1).factory();

    private final int count;
    private final Task task;
    private final AtomicInteger next = new AtomicInteger();
    private volatile int failed = Integer.MAX_VALUE;
    private Throwable failure;

    private SharedWork(int count, Task task) {
        this.count = count;
        this.task = task;
    }

    /**
     * Does the tasks {@code 0 .. count - 1} and returns when none is under way any more. Threads are started anew each
     * time: that takes less than decoding one image.
     *
     * @param threads that work, at least 1
     * @throws InterruptedException if the caller was interrupted, and not all tasks are done
     */
    static void run(int threads, int count, Task task) throws InterruptedException {
        SharedWork work = new SharedWork(count, task);
        if (threads == 1) {
            work.take(0);
        } else {
            try (ExecutorService helpers = Executors.newThreadPerTaskExecutor(HELPERS)) {
                for (int helper = 1; helper < threads; helper++) {
                    int thread = helper;
                    helpers.execute(() -> work.take(thread));
                }
                work.take(0);
            }
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        work.rethrow();
    }

    private void take(int thread) {
        for (int number = next.getAndIncrement(); number < Math.min(count, failed); number = next.getAndIncrement()) {
            try {
                task.run(thread, number);
            } catch (RuntimeException | Error e) {
                fail(number, e);
            }
            if (Thread.currentThread().isInterrupted()) {
                fail(-1, new InterruptedException());
            }
        }
    }

    private synchronized void fail(int number, Throwable cause) {
        if (number < failed) {
            failed = number;
            failure = cause;
        }
    }

    private synchronized void rethrow() {
        switch (failure) {
            case null -> {
            }
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException("A helping thread was interrupted", failure);
        }
    }

    /** One of the tasks. */
    interface Task {

        /**
         * Does it.
         *
         * @param thread which of the threads does it, from 0: tasks of one thread may share buffers
         * @param number of the task
         */
        void run(int thread, int number);
    }
}
