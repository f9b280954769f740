package org.bame.harness.environment;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The commit that this build was made from: the property {@code bame.commit} if it is set, else what git says in the
 * checkout that the launcher names in {@code bame.home} (or in the working directory).
 */
public final class SourceCommit {

    /** System property: the folder of the checkout. */
    static final String HOME = "bame.home";

    private static final String UNKNOWN = "unknown";
    private static final int TIMEOUT_SECONDS = 10;
    /** What the launcher looks at to see whether to build again, and the launcher. */
    private static final List<String> BUILT_FROM =
            List.of(":(top)bame", ":(top,glob)**/pom.xml", ":(top,glob)**/src/main/**");

    private SourceCommit() {}

    /**
     * The commit's hash, {@code -dirty} behind it if what is built differs from it: results that are being written into a
     * checkout change no build. {@code unknown} without git.
     */
    public static String find() {
        String given = System.getProperty("bame.commit", "");
        return given.isBlank() ? of(new File(System.getProperty(HOME, "."))) : given;
    }

    /** The same of the checkout that a folder belongs to. */
    static String of(File folder) {
        Optional<String> commit = git(folder, "rev-parse", "HEAD").filter(text -> text.matches("[0-9a-f]{40,64}"));
        if (commit.isEmpty()) {
            return UNKNOWN;
        }
        List<String> status = new ArrayList<>(List.of("status", "--porcelain", "--untracked-files=all", "--"));
        status.addAll(BUILT_FROM);
        boolean dirty = git(folder, status.toArray(String[]::new))
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
