package org.bame.harness.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A temporary folder of {@link PeerFiles}, deleted at the end.
 *
 * @param folder the folder
 */
public record PeerScratch(Path folder) implements AutoCloseable {

    /** A new one. */
    public static PeerScratch create() {
        try {
            return new PeerScratch(Files.createTempDirectory("bame-peers"));
        } catch (IOException e) {
            throw new UncheckedIOException("No folder for temporary files can be made", e);
        }
    }

    /** Writes numbers. */
    public void write(String file, float[] numbers) {
        try {
            PeerFiles.write(folder.resolve(file), numbers);
        } catch (IOException e) {
            throw new UncheckedIOException(folder.resolve(file) + " cannot be written", e);
        }
    }

    /** Writes lines. */
    public void write(String file, List<String> lines) {
        try {
            Files.write(folder.resolve(file), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(folder.resolve(file) + " cannot be written", e);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " cannot be deleted", e);
        }
    }
}
