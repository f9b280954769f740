package org.bame.harness.results;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What has been read or written of a file whose rows are never rewritten: an append reads only what others added since. */
final class KnownRows {

    private final Set<List<String>> keys = new HashSet<>();
    /** One copy of each field of a key: a run's or a layer's name is in many. */
    private final Map<String, String> fields = new HashMap<>();
    private byte[] lastLine = {};
    private long lines;
    private long end;

    /** Whether the last known line is where it was: else the file is another one, or rows were taken out of it. */
    boolean areIn(FileChannel file) throws IOException {
        return Arrays.equals(lastLine, from(end - lastLine.length, file).readNBytes(lastLine.length));
    }

    /** What is behind the known lines. */
    byte[] behind(FileChannel file) throws IOException {
        return from(end, file).readAllBytes();
    }

    private static InputStream from(long position, FileChannel file) throws IOException {
        return Channels.newInputStream(file.position(position));
    }

    /**
     * Adds what is behind the known lines.
     *
     * @param text bytes of the file
     * @param length of the whole lines among them
     * @param newKeys of their rows
     */
    void add(byte[] text, int length, Collection<List<String>> newKeys) {
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (text[i] == '\n') {
                lines++;
                lastLine = i == length - 1 ? Arrays.copyOfRange(text, start, length) : lastLine;
                start = i + 1;
            }
        }
        end += length;
        newKeys.forEach(key -> keys.add(
                key.stream().map(field -> fields.computeIfAbsent(field, one -> one)).toList()));
    }

    boolean contains(List<String> key) {
        return keys.contains(key);
    }

    /** Number of lines, the header included. */
    long lines() {
        return lines;
    }

    /** Where the next line goes. */
    long end() {
        return end;
    }
}
