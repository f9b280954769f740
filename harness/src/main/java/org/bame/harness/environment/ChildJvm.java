package org.bame.harness.environment;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bame.datasets.files.IoFailure;
import org.bame.kernel.KernelProviders;

/**
 * A process of its own with this one's Java, options and class path: for what a JVM decides once and for all, such as the
 * vector width, and for an honest peak of memory.
 *
 * @param options more options, in place of this JVM's of the same name
 * @param main class with the main method
 * @param arguments of the program
 */
public record ChildJvm(List<String> options, String main, List<String> arguments) {

    /** Option that forces the vector width of the kernels. */
    public static String vectorBits(int bits) {
        return "-D" + KernelProviders.VECTOR_BITS_PROPERTY + "=" + bits;
    }

    /** Runs the program on this process's terminal; its exit code. */
    public int run() {
        return await(start(Redirect.INHERIT));
    }

    /**
     * Runs the program; its standard output.
     *
     * @throws IllegalStateException if it fails; its messages went to this process's standard error
     */
    public String output() {
        Process process = start(Redirect.PIPE);
        String text;
        try {
            text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            process.destroy();
            throw new IllegalStateException("Cannot read from " + this + ": " + IoFailure.reason(e), e);
        }
        int code = await(process);
        if (code != 0) {
            throw new IllegalStateException(this + " ended with exit code " + code + ", expected 0. The reason stands above");
        }
        return text;
    }

    private Process start(Redirect output) {
        try {
            return new ProcessBuilder(command())
                    .redirectInput(Redirect.INHERIT)
                    .redirectError(Redirect.INHERIT)
                    .redirectOutput(output)
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException("Cannot start " + this + ": " + IoFailure.reason(e), e);
        }
    }

    /** A child does not outlive whoever waits for it. */
    private static int await(Process process) {
        Thread reaper = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(reaper);
        try {
            int code = process.waitFor();
            Runtime.getRuntime().removeShutdownHook(reaper);
            return code;
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a child process was at work", e);
        }
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(inherited -> options.stream().noneMatch(own -> name(own).equals(name(inherited))))
                .forEach(command::add);
        command.addAll(options);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main);
        command.addAll(arguments);
        return command;
    }

    private static String name(String option) {
        int equals = option.indexOf('=');
        return equals < 0 ? option : option.substring(0, equals);
    }

    @Override
    public String toString() {
        return "'" + String.join(" ", arguments) + "' in a process of its own";
    }
}
