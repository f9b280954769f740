package org.bame.harness.environment;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The commit that this build was made from: the property {@code bame.commit} if it is set, else what git says in the
 * checkout that the launcher names in {@code bame.home} (or in the working directory).
 */
public final class SourceCommit {

    private static final String UNKNOWN = "unknown";
    private static final int TIMEOUT_SECONDS = 10;

    private SourceCommit() {}

    /** The commit's hash, {@code -dirty} behind it if tracked files differ from it; {@code unknown} without git. */
    public static String find() {
        String given = System.getProperty("bame.commit", "");
        if (!given.isBlank()) {
            return given;
        }
        File folder = new File(System.getProperty("bame.home", "."));
        Optional<String> commit = git(folder, "rev-parse", "HEAD").filter(text -> text.matches("[0-9a-f]{40,64}"));
        if (commit.isEmpty()) {
            return UNKNOWN;
        }
        boolean dirty = git(folder, "status", "--porcelain", "--untracked-files=no")
                .map(text -> !text.isEmpty())
                .orElse(true);
        return commit.get() + (dirty ? "-dirty" : "");
    }

    private static Optional<String> git(File folder, String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "git";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            return ended && process.exitValue() == 0 ? Optional.of(output.strip()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
