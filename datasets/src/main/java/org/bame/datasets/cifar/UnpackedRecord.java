package org.bame.datasets.cifar;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bame.datasets.DataSetException;
import org.bame.datasets.files.Digests;
import org.bame.datasets.files.IoFailure;

/**
 * The note left beside unpacked files: which archive they came from, and their checksums at that moment. It is what
 * makes files official later on, since the publisher gives a checksum of the archive only. A text file in the format of
 * {@code sha256sum}, with one comment line for the archive.
 *
 * @param archiveMd5 MD5 of the archive, as verified before unpacking
 * @param sha256 checksum of each file by its name
 */
record UnpackedRecord(String archiveMd5, Map<String, String> sha256) {

    static final String FILE_NAME = "bame-unpacked.sha256";

    private static final String ARCHIVE_PREFIX = "# unpacked from an archive with MD5 ";
    private static final String SEPARATOR = "  ";

    UnpackedRecord {
        sha256 = Map.copyOf(sha256);
    }

    /** Takes the checksums of files just unpacked and writes the note into their folder. */
    static void write(Path folder, List<String> files, String archiveMd5) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(ARCHIVE_PREFIX + archiveMd5);
        for (String file : files) {
            lines.add(Digests.sha256(folder.resolve(file)) + SEPARATOR + file);
        }
        Files.write(folder.resolve(FILE_NAME), lines);
    }

    /** Reads the note of a folder; empty if it has none. */
    static Optional<UnpackedRecord> read(Path folder) {
        Path file = folder.resolve(FILE_NAME);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        String archive = "";
        Map<String, String> sums = new HashMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                int separator = line.indexOf(SEPARATOR);
                if (line.startsWith(ARCHIVE_PREFIX)) {
                    archive = line.substring(ARCHIVE_PREFIX.length()).strip();
                } else if (separator > 0) {
                    sums.put(line.substring(separator + SEPARATOR.length()), line.substring(0, separator));
                }
            }
        } catch (IOException e) {
            throw new DataSetException(file + " cannot be read: " + IoFailure.reason(e)
                    + ". Make it readable, or delete it; the files "
                    + "beside it then count as of unknown origin.", e);
        }
        return Optional.of(new UnpackedRecord(archive, sums));
    }
}
