package org.bame.harness.peer;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Ctrl-C in a terminal goes to every process of its foreground group, peers included, whose times would be lost while ours are
 * still written. A process in a session of its own does not get it. For that there is the program {@code setsid} (util-linux);
 * where it is missing, as on macOS, peers stay where they are.
 */
final class OwnSession {

    private static final String PROGRAM = "setsid";

    private OwnSession() {}

    /** What stands before a command so that it runs in a session of its own, under the same process id; may be nothing. */
    static List<String> prefix() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isBlank())
                .map(folder -> Path.of(folder, PROGRAM))
                .filter(Files::isExecutable)
                .findFirst()
                .map(program -> List.of(program.toString()))
                .orElse(List.of());
    }
}
