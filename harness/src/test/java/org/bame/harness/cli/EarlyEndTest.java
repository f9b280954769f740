package org.bame.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class EarlyEndTest {

    /** Runs in a child. */
    static final class Program {

        private Program() {}

        public static void main(String[] arguments) throws InterruptedException {
            CountDownLatch stopped = new CountDownLatch(1);
            try (EarlyEnd _ = new EarlyEnd(stopped::countDown)) {
                System.out.println("at work");
                stopped.await();
                // What the process would not live to see if nobody waited.
                Thread.sleep(200);
                System.out.println("saved");
            }
        }
    }

    @Test
    @Timeout(60)
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there a process cannot be told to end, only be killed")
    void aProcessThatIsToldToEndWaitsForItsWork() throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"),
                Program.class.getName())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = child.inputReader()) {
            assertThat(output.readLine()).isEqualTo("at work");
            // The handle leaves the child's output open.
            child.toHandle().destroy();
            assertThat(output.readLine()).isEqualTo("saved");
            assertThat(child.waitFor()).as("ended by SIGTERM").isEqualTo(128 + 15);
        } finally {
            child.destroyForcibly();
        }
    }

    @Test
    void workThatIsDoneIsNotStopped() {
        CountDownLatch stopped = new CountDownLatch(1);
        new EarlyEnd(stopped::countDown).close();
        assertThat(stopped.getCount()).isEqualTo(1);
    }
}
