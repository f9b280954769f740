package org.bame.datasets.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Stream;

/** Checksums as lower-case hexadecimal digits. */
public final class Digests {

    private static final int BUFFER_BYTES = 1 << 16;

    private Digests() {}

    /** SHA-256 of bytes in memory. */
    public static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest("SHA-256").digest(bytes));
    }

    /** SHA-256 of lines of text in UTF-8, a newline behind each. */
    public static String sha256(Stream<String> lines) {
        MessageDigest digest = digest("SHA-256");
        lines.forEachOrdered(line -> digest.update((line + "\n").getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(digest.digest());
    }

    /** SHA-256 of a file, read once. */
    public static String sha256(Path file) throws IOException {
        return of("SHA-256", file);
    }

    /** MD5 of a file, read once: enough to notice a damaged download, and what the data set's page publishes. */
    public static String md5(Path file) throws IOException {
        return of("MD5", file);
    }

    private static String of(String algorithm, Path file) throws IOException {
        MessageDigest digest = digest(algorithm);
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform provides " + algorithm + ", this one does not.", e);
        }
    }
}
