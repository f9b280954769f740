package org.bame.harness.environment;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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

    private static final int LAST_LINES = 20;

    /** Option that forces the vector width of the kernels. */
    public static String vectorBits(int bits) {
        return "-D" + KernelProviders.VECTOR_BITS_PROPERTY + "=" + bits;
    }

    /** Runs the program on this process's terminal; its exit code. */
    public int run() {
        try {
            return run(Redirect.INHERIT, Redirect.INHERIT, OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new IllegalStateException("Cannot start " + this + ": " + IoFailure.reason(e), e);
        }
    }

    /**
     * Runs the program without showing what it says on the way; its standard output.
     *
     * @throws IllegalStateException if it fails; the message ends with the last lines of its standard error
     */
    public String output() {
        try {
            Path messages = Files.createTempFile("bame-child-", ".log");
            try {
                ByteArrayOutputStream text = new ByteArrayOutputStream();
                int code = run(Redirect.PIPE, Redirect.to(messages.toFile()), text);
                if (code != 0) {
                    throw new IllegalStateException(
                            this + " ended with exit code " + code + ", expected 0. It said last:\n" + tail(messages));
                }
                return text.toString(StandardCharsets.UTF_8);
            } finally {
                Files.delete(messages);
            }
        } catch (IOException e) {
            throw new IllegalStateException("Cannot hear from " + this + ": " + IoFailure.reason(e), e);
        }
    }

    /** A child does not outlive whoever waits for it. */
    private int run(Redirect output, Redirect error, OutputStream text) throws IOException {
        Process process = new ProcessBuilder(command())
                .redirectInput(Redirect.INHERIT)
                .redirectOutput(output)
                .redirectError(error)
                .start();
        Thread reaper = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(reaper);
        try {
            process.getInputStream().transferTo(text);
            int code = process.waitFor();
            Runtime.getRuntime().removeShutdownHook(reaper);
            return code;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a child process was at work", e);
        } finally {
            process.destroy();
        }
    }

    private static String tail(Path messages) throws IOException {
        List<String> lines = Files.readAllLines(messages);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
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
