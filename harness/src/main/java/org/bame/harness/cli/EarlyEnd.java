package org.bame.harness.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets work end early and in order when the process is interrupted or told to end: the process waits until this is closed.
 * No help against {@code kill -9}.
 */
final class EarlyEnd implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook;

    /** @param stop tells the work to end soon */
    EarlyEnd(Runnable stop) {
        hook = new Thread(() -> {
            stop.run();
            awaitClose();
        }, "bame-early-end");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void awaitClose() {
        try {
            closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending, and the hook was waiting for this.
        }
    }
}
