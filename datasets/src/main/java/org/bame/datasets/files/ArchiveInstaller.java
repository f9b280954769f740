package org.bame.datasets.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bame.datasets.DataSetException;

/**
 * Downloads an archive, checks it and unpacks it into a data folder, all or nothing: the folder appears under its final
 * name only when it is complete. A lock file keeps two processes from doing so at once, and what a killed one left
 * behind is removed.
 */
public final class ArchiveInstaller {

    private static final Duration STALL_TIMEOUT = Duration.ofSeconds(60);
    private static final String PARTIAL_SUFFIX = ".partial";
    /** File locks are held by the whole process, so its threads take turns by this one. */
    private static final ReentrantLock IN_PROCESS = new ReentrantLock();

    private final ArchiveAddress archive;
    private final Consumer<String> progress;
    private final FileDownload download;

    /**
     * @param archive what to download, and its checksum
     * @param progress receives one-line messages
     */
    public ArchiveInstaller(ArchiveAddress archive, Consumer<String> progress) {
        this.archive = Objects.requireNonNull(archive, "archive");
        this.progress = Objects.requireNonNull(progress, "progress");
        this.download = new FileDownload(STALL_TIMEOUT, progress);
    }

    /**
     * Makes {@code root/folder} exist. Does nothing if another process has made it in the meantime.
     *
     * @param root the data folder, created if need be
     * @param folder the archive's top folder
     * @param files names that must be in that folder
     * @param finish called with the unpacked folder before it gets its final name
     * @param remedy closes the message of a failure: what the user can do instead
     * @throws DataSetException if the download fails, the checksum differs, or the archive cannot be unpacked
     */
    public void install(Path root, String folder, List<String> files, Finish finish, String remedy) {
        IN_PROCESS.lock();
        try {
            Files.createDirectories(root);
            Path lock = root.resolve("." + folder + ".lock");
            try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                // Closing the channel releases the lock.
                channel.lock();
                if (!Files.exists(root.resolve(folder))) {
                    installLocked(root, folder, files, finish);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DataSetException("Interrupted while downloading " + archive.uri() + ".", e);
        } catch (IOException e) {
            throw new DataSetException("Could not install " + archive.uri() + " in " + root + ": " + IoFailure.reason(e)
                    + ". "
                    + remedy, e);
        } finally {
            IN_PROCESS.unlock();
        }
    }

    private void installLocked(Path root, String folder, List<String> files, Finish finish)
            throws IOException, InterruptedException {
        Path file = root.resolve("." + archive.fileName() + PARTIAL_SUFFIX);
        Path unpacked = root.resolve("." + folder + PARTIAL_SUFFIX);
        deleteTree(file);
        deleteTree(unpacked);
        try {
            progress.accept("Downloading " + archive.uri() + " to " + root);
            download.fetch(archive.uri(), file);
            requireChecksum(file);
            progress.accept("Unpacking " + archive.fileName());
            Files.createDirectory(unpacked);
            TarGz.unpack(file, unpacked);
            Path content = unpacked.resolve(folder);
            for (String name : files) {
                if (!Files.isRegularFile(content.resolve(name))) {
                    throw new IOException("the archive lacks " + folder + "/" + name);
                }
            }
            finish.accept(content);
            Files.move(content, root.resolve(folder), StandardCopyOption.ATOMIC_MOVE);
            progress.accept("Ready: " + root.resolve(folder));
        } finally {
            deleteTree(file);
            deleteTree(unpacked);
        }
    }

    private void requireChecksum(Path file) throws IOException {
        String md5 = Digests.md5(file);
        if (!md5.equals(archive.md5())) {
            throw new IOException("the download of %,d bytes has MD5 %s, expected %s; it is damaged or another file, "
                    .formatted(Files.size(file), md5, archive.md5()) + "and was deleted");
        }
    }

    private static void deleteTree(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(path)) {
            for (Path entry : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(entry);
            }
        }
    }

    /** Work on an unpacked folder before it is put in place. */
    @FunctionalInterface
    public interface Finish {

        /** @param folder the unpacked folder, under a temporary name */
        void accept(Path folder) throws IOException;
    }
}
