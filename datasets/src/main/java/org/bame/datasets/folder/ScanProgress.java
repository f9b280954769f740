package org.bame.datasets.folder;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Says now and then how many folders have been read. Safe to use from several threads. */
final class ScanProgress {

    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final Path part;
    private final int folders;
    private final Consumer<String> progress;
    private int seen;
    private long lastNanos = System.nanoTime();

    ScanProgress(Path part, int folders, Consumer<String> progress) {
        this.part = part;
        this.folders = folders;
        this.progress = progress;
    }

    /** One more. */
    synchronized void count() {
        seen++;
        long now = System.nanoTime();
        if (now - lastNanos > INTERVAL_NANOS) {
            lastNanos = now;
            progress.accept("Indexing %s: %,d of %,d folders".formatted(part, seen, folders));
        }
    }
}
