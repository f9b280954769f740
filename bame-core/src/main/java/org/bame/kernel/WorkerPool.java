package org.bame.kernel;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.function.LongFunction;

/**
 * The threads that share a product's work. The calling thread works too; helpers spin for a short while after a job, since
 * the next one of a training step follows at once, and park when none comes. Running a job allocates nothing.
 */
final class WorkerPool implements AutoCloseable {
    /** How long a helper spins for the next job before it parks. */
    private static final long SPIN_NANOS = 200_000;

    /** How often the caller looks whether the helpers are done before it offers its processor to others. */
    private static final int CALLER_SPINS = 10_000;

    private static final int NO_JOB = -1;

    /** A job of numbered tasks; tasks must not depend on each other. */
    interface Task {
        /**
         * Does one task.
         *
         * @param task its number
         * @param worker the thread's number, from 0, for scratch memory of its own
         */
        void run(int task, int worker);
    }

    private final Thread[] helpers;
    private final HelperPlacement placement;
    private final LongFunction<Storage> allocator;
    private final Storage[] memory;
    private Storage shared;
    private final AtomicInteger nextTask = new AtomicInteger();
    /** Helpers that have begun the open job; {@link #NO_JOB} when it is not open to more. */
    private final AtomicInteger begunHelpers = new AtomicInteger(NO_JOB);
    private final AtomicInteger finishedHelpers = new AtomicInteger();
    private final AtomicBoolean busy = new AtomicBoolean();
    private Task job;
    private int taskCount;
    private volatile int generation;
    private volatile Throwable failure;
    private volatile boolean closed;

    WorkerPool(int threads) {
        this(threads, floats -> Storage.allocate(ElementType.FLOAT, floats));
    }

    /** @param allocator makes memory of so many floats */
    WorkerPool(int threads, LongFunction<Storage> allocator) {
        this(threads, allocator, HelperPlacement::new);
    }

    /** @param placements makes the placement of so many helpers, which each tells before it begins a job */
    WorkerPool(int threads, LongFunction<Storage> allocator, IntFunction<HelperPlacement> placements) {
        this.allocator = allocator;
        if (threads < 1) {
            throw new IllegalArgumentException("Got " + threads + " threads, expected at least 1");
        }
        helpers = new Thread[threads - 1];
        memory = new Storage[threads];
        placement = placements.apply(helpers.length);
        CountDownLatch started = new CountDownLatch(helpers.length);
        for (int i = 0; i < helpers.length; i++) {
            int worker = i + 1;
            helpers[i] = Thread.ofPlatform().daemon().name("bame-kernel-" + worker).start(() -> {
                placement.register(worker - 1);
                started.countDown();
                help(worker);
            });
        }
        awaitStart(started);
    }

    private static void awaitStart(CountDownLatch started) {
        boolean interrupted = false;
        while (started.getCount() > 0) {
            try {
                started.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Threads, the caller's included. */
    int threads() {
        return helpers.length + 1;
    }

    /** Gives each worker at least so much scratch memory, whose contents the next job may overwrite. */
    void reserve(long bytes) {
        // Each by itself: memory may have run out for some of them, and the caller have gone on.
        for (int i = 0; i < memory.length; i++) {
            if (memory[i] == null || memory[i].size() * Float.BYTES < bytes) {
                memory[i] = allocator.apply((bytes + Float.BYTES - 1) / Float.BYTES);
            }
        }
    }

    /**
     * Memory that all workers of the next jobs share; a call for more may move it and lose its contents.
     *
     * @return its address
     */
    long shared(long bytes) {
        if (shared == null || shared.size() * Float.BYTES < bytes) {
            shared = allocator.apply((bytes + Float.BYTES - 1) / Float.BYTES);
        }
        return shared.address();
    }

    /** Address of a worker's scratch memory. */
    long memory(int worker) {
        return memory[worker].address();
    }

    /**
     * Runs tasks 0 to {@code tasks - 1} and returns when all are done; what a task throws is thrown here.
     *
     * @throws IllegalStateException if the pool is closed or another thread is using it
     */
    void run(int tasks, Task task) {
        if (!busy.compareAndSet(false, true)) {
            throw new IllegalStateException(
                    "These kernels are in use by another thread: one thread at a time may call a"
                            + " provider; give each thread a provider of its own");
        }
        try {
            if (closed) {
                throw new IllegalStateException("These kernels are closed: close the provider after its last use");
            }
            runAll(tasks, task);
        } finally {
            busy.set(false);
        }
    }

    private void runAll(int tasks, Task task) {
        if (helpers.length == 0 || tasks == 1) {
            for (int i = 0; i < tasks; i++) {
                task.run(i, 0);
            }
            return;
        }
        placement.beforeJob();
        job = task;
        taskCount = tasks;
        nextTask.set(0);
        finishedHelpers.set(0);
        begunHelpers.set(0);
        generation++;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
        work(0);
        // A helper that the system has not yet given a processor is not waited for: there is nothing left to do.
        int begun = begunHelpers.getAndSet(NO_JOB);
        for (int spins = 0; finishedHelpers.get() < begun; spins++) {
            if (spins > CALLER_SPINS) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
        }
        placement.afterJob();
        Throwable thrown = failure;
        failure = null;
        switch (thrown) {
            case null -> {
            }
            case RuntimeException exception -> throw exception;
            case Error error -> throw error;
            default -> throw new IllegalStateException(thrown);
        }
    }

    private void help(int worker) {
        int seen = 0;
        while (true) {
            long idleSince = System.nanoTime();
            while (generation == seen) {
                if (closed) {
                    return;
                }
                if (System.nanoTime() - idleSince > SPIN_NANOS) {
                    LockSupport.park(this);
                } else {
                    Thread.onSpinWait();
                }
            }
            seen = generation;
            placement.begins(worker - 1);
            if (begin()) {
                work(worker);
                finishedHelpers.incrementAndGet();
            }
        }
    }

    /** Begins the open job, if one is: it may be a later one than was heard of. */
    private boolean begin() {
        for (int begun = begunHelpers.get(); begun != NO_JOB; begun = begunHelpers.get()) {
            if (begunHelpers.compareAndSet(begun, begun + 1)) {
                return true;
            }
        }
        return false;
    }

    private void work(int worker) {
        try {
            Task current = job;
            int count = taskCount;
            for (int i = nextTask.getAndIncrement(); i < count; i = nextTask.getAndIncrement()) {
                current.run(i, worker);
            }
        } catch (Throwable thrown) {
            failure = thrown;
            nextTask.set(Integer.MAX_VALUE / 2);
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
    }
}
