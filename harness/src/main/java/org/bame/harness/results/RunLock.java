package org.bame.harness.results;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.bame.datasets.files.IoFailure;

/** Keeps a run to one process. The operating system lets go of it when the process ends, however it ends. */
public final class RunLock implements AutoCloseable {

    /** What this process holds: opening and closing such a file a second time would release the lock. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel channel;

    private RunLock(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static Optional<RunLock> tryAcquire(Path file) {
        Path path = file.toAbsolutePath().normalize();
        if (!HELD.add(path)) {
            return Optional.empty();
        }
        try {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return Optional.of(new RunLock(path, channel));
            }
            channel.close();
            HELD.remove(path);
            return Optional.empty();
        } catch (IOException e) {
            HELD.remove(path);
            throw new ResultsException("Cannot lock " + path + ": " + IoFailure.reason(e)
                    + ". Check that the folder is writable and its file system has locks.", e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new ResultsException("Cannot release " + path + ": " + IoFailure.reason(e) + ".", e);
        } finally {
            HELD.remove(path);
        }
    }
}
