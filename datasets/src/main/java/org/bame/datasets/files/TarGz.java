package org.bame.datasets.files;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Unpacks {@code .tar.gz} archives. */
public final class TarGz {

    private static final int BUFFER_BYTES = 1 << 16;

    private TarGz() {}

    /**
     * Unpacks regular files and folders below a folder.
     *
     * @param archive a gzip-compressed tar archive
     * @param folder exists; nothing is written outside it
     * @throws IOException if the archive is damaged, or has an entry that is a link or a device or that leads outside
     *         the folder; what was unpacked before that stays
     */
    public static void unpack(Path archive, Path folder) throws IOException {
        Path root = folder.toAbsolutePath().normalize();
        try (InputStream file = new BufferedInputStream(Files.newInputStream(archive), BUFFER_BYTES);
                TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file, BUFFER_BYTES))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = root.resolve(entry.getName()).normalize();
                if (!target.startsWith(root)) {
                    throw new IOException("entry \"" + entry.getName() + "\" leads outside the folder " + root);
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else if (entry.isFile() && !entry.isLink() && !entry.isSymbolicLink()) {
                    Files.createDirectories(target.getParent());
                    Files.copy(tar, target);
                } else {
                    throw new IOException("entry \"" + entry.getName() + "\" is neither a file nor a folder");
                }
            }
        }
    }
}
