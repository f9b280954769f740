package org.bame.datasets.text;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bame.datasets.DataSetException;
import org.bame.datasets.files.Digests;
import org.bame.datasets.files.IoFailure;

/**
 * The content of a UTF-8 file.
 *
 * @param codePoints its characters, in the file's order
 * @param sha256 of all its bytes, lower-case hexadecimal
 */
record Utf8File(int[] codePoints, String sha256) {

    /** Bytes, characters and ids of a text are in memory at once. */
    private static final long MAX_BYTES = 256L << 20;

    /**
     * Reads a file, whole.
     *
     * @throws DataSetException if it is unreadable, empty, too large, or not UTF-8; the message says at which byte
     */
    static Utf8File read(Path file) {
        byte[] bytes = readBytes(file);
        CharBuffer text = decode(file, bytes);
        return new Utf8File(text.codePoints().toArray(), Digests.sha256(bytes));
    }

    private static byte[] readBytes(Path file) {
        try {
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                throw new DataSetException("%s has %,d bytes, expected at most %,d. Take a part of it."
                        .formatted(file, size, MAX_BYTES));
            }
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length == 0) {
                throw new DataSetException(file + " is empty, expected a text. " + Text.REMEDY);
            }
            return bytes;
        } catch (IOException e) {
            throw new DataSetException(file + " cannot be read: " + IoFailure.reason(e) + ". " + Text.REMEDY, e);
        }
    }

    private static CharBuffer decode(Path file, byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            int at = in.position();
            throw new DataSetException("%s is not UTF-8: byte %,d (line %,d) is 0x%02X, where no character begins that "
                    .formatted(file, at, line(bytes, at), bytes[at]) + "ends as it should. Convert it, as in "
                    + "'iconv -f ISO-8859-1 -t UTF-8 FILE > input.txt', or give another file.");
        }
        return out.flip();
    }

    /** The line of a byte, from 1. */
    private static int line(byte[] bytes, int at) {
        int line = 1;
        for (int i = 0; i < at; i++) {
            line += bytes[i] == '\n' ? 1 : 0;
        }
        return line;
    }
}
