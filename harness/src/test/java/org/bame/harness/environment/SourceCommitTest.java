package org.bame.harness.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceCommitTest {

    private static final String HASH = "[0-9a-f]{40}";

    @TempDir
    private Path checkout;

    @BeforeEach
    void commitACheckout() throws Exception {
        for (String file : List.of("pom.xml", "bame", "core/src/main/java/A.java", "results/runs.csv", "README.md")) {
            write(file, "as committed");
        }
        git("init", "--quiet");
        git("add", "--all");
        git("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", "commit", "--quiet",
                "--message=all");
    }

    /** A sweep that writes into the checkout would else make its own later rows those of an unknown build. */
    @Test
    void resultsAndTextsDoNotChangeTheBuild() throws IOException {
        write("results/runs.csv", "more rows");
        write("README.md", "other words");
        write("results/new.csv", "a row");

        assertThat(SourceCommit.of(checkout.toFile())).matches(HASH);
        assertThat(SourceCommit.of(checkout.resolve("core").toFile())).matches(HASH);
    }

    @Test
    void changedAndNewSourcesDo() throws IOException {
        write("core/src/main/java/A.java", "changed");
        assertThat(SourceCommit.of(checkout.toFile())).matches(HASH + "-dirty");
        write("core/src/main/java/A.java", "as committed");
        assertThat(SourceCommit.of(checkout.toFile())).matches(HASH);
        write("core/src/main/java/B.java", "new");
        assertThat(SourceCommit.of(checkout.resolve("core").toFile())).matches(HASH + "-dirty");
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(checkout.resolve(file).getParent());
        Files.writeString(checkout.resolve(file), text);
    }

    private void git(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).directory(checkout.toFile()).inheritIO().start();
        assertThat(process.waitFor()).isZero();
    }
}
