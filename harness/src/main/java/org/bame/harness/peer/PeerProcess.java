package org.bame.harness.peer;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bame.harness.environment.MemoryProbe;

/** Our side of the talk with a peer. One that does not answer in time is killed. */
public final class PeerProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration FAREWELL = Duration.ofSeconds(5);
    /** Iterations, about a millisecond: long enough between the parts of a step, over before others are timed. */
    private static final String SPIN_ITERATIONS = "100000";
    private static final String SPIN_MILLIS = "1";
    /** Several times that. */
    private static final int SETTLE_MILLIS = 20;
    private static final List<String> JVM_OPTIONS = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-Djava.awt.headless=true",
            // JavaCPP would limit native memory to the heap's size.
            "-Dorg.bytedeco.javacpp.maxbytes=0",
            "-Dorg.bytedeco.javacpp.maxphysicalbytes=0");

    private final PeerLibrary library;
    private final Process process;
    private final Path log;
    private final Duration patience;
    private final Writer requests;
    private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
    private final String provider;

    /**
     * A prepared work.
     *
     * @param number of it
     * @param parameters that it multiplies with or trains
     */
    public record Prepared(int number, long parameters) {}

    private PeerProcess(PeerLibrary library, Process process, Path log, Duration patience) throws PeerException {
        this.library = library;
        this.process = process;
        this.log = log;
        this.patience = patience;
        this.requests = process.outputWriter(StandardCharsets.UTF_8);
        Thread.ofPlatform().daemon().name("peer-" + library.name()).start(this::read);
        try {
            this.provider = answer();
        } catch (PeerException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts a peer on so many threads.
     *
     * @throws PeerException if it was not built, or its library cannot be loaded
     */
    public static PeerProcess start(PeerFolder folder, PeerLibrary library, int threads) throws PeerException {
        return start(folder, library, threads, PATIENCE);
    }

    static PeerProcess start(PeerFolder folder, PeerLibrary library, int threads, Duration patience)
            throws PeerException {
        List<String> command = new ArrayList<>(OwnSession.prefix());
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        command.add("-cp");
        command.add(folder.classPath(library).stream().map(Path::toString).collect(
                Collectors.joining(File.pathSeparator)));
        command.add(library.mainClass());
        command.add(String.valueOf(threads));
        Path log = folder.log(library, threads);
        // Where it leaves what it unpacks or, if it crashes, its last words.
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.folder().toFile())
                .redirectError(log.toFile());
        builder.environment().putAll(settings(threads));
        builder.environment().remove("OMP_WAIT_POLICY");
        try {
            return new PeerProcess(library, builder.start(), log, patience);
        } catch (IOException e) {
            throw new PeerException(library.name() + " cannot be started: " + e.getMessage(), e);
        }
    }

    /** Environment variables of a process on so many threads, by name. */
    static SortedMap<String, String> settings(int threads) {
        return new TreeMap<>(Map.of(
                "OMP_NUM_THREADS", String.valueOf(threads),
                "OPENBLAS_NUM_THREADS", String.valueOf(threads),
                "MKL_NUM_THREADS", String.valueOf(threads),
                // Else two threads may share a processor, one waiting for the other.
                "OMP_PROC_BIND", "true",
                "GOMP_SPINCOUNT", SPIN_ITERATIONS,
                "KMP_BLOCKTIME", SPIN_MILLIS,
                // Fresh pages are dear: memory that was freed is kept.
                "MALLOC_MMAP_MAX_", "0",
                "MALLOC_TRIM_THRESHOLD_", "100000000000"));
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            reader.lines().map(Optional::of).forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            // The process is gone, which the end of its lines tells.
        }
        lines.add(Optional.empty());
    }

    /** Name and version of the library. */
    public String provider() {
        return provider;
    }

    /** Has a work prepared. */
    public Prepared prepare(PeerRequest request) throws PeerException {
        String[] fields = ask(request).split("\t");
        try {
            return new Prepared(Integer.parseInt(fields[0]), Long.parseLong(fields[1]));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw unexpected(String.join(" ", fields), "a number of a work and its parameters");
        }
    }

    /**
     * Has works done in turn.
     *
     * @param untimed rounds before
     * @param rounds in which each is timed once
     * @return nanoseconds, round by round
     */
    public long[] time(List<Prepared> works, int untimed, int rounds) throws PeerException {
        String answer = ask(new PeerRequest.Time(
                untimed, rounds, works.stream().map(Prepared::number).toList()));
        int times = rounds * works.size();
        try {
            long[] nanos = answer.isEmpty()
                    ? new long[0]
                    : Stream.of(answer.split("\t")).mapToLong(Long::parseLong).toArray();
            if (nanos.length == times) {
                return nanos;
            }
        } catch (NumberFormatException e) {
            throw unexpected(answer, "times");
        }
        throw unexpected(answer, times + " times");
    }

    /** What a work came to. */
    public float[] result(Prepared work) throws PeerException {
        try {
            Path file = Files.createTempFile("bame-peer", ".result");
            try {
                String answer = ask(new PeerRequest.Result(work.number(), file));
                return PeerFiles.read(file, Long.parseLong(answer));
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException | NumberFormatException e) {
            throw new PeerException(library.name() + " gave no readable result: " + e.getMessage(), e);
        }
    }

    /** Frees a work. */
    public void release(Prepared work) throws PeerException {
        ask(new PeerRequest.Release(work.number()));
    }

    /**
     * Waits until the idle threads of all peers and of our own kernels have gone to sleep: they spin for a short while behind
     * their work, which must not fall into another's time.
     */
    public static void letThreadsSleep() {
        try {
            Thread.sleep(SETTLE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it still runs; one that does not will answer no more. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Number of its process. */
    long pid() {
        return process.pid();
    }

    /** The library. */
    public PeerLibrary library() {
        return library;
    }

    /** Largest resident memory of its process; 0 where the system does not tell. */
    public long peakBytes() {
        return MemoryProbe.peakBytes(process.pid()).orElse(0);
    }

    private String ask(PeerRequest request) throws PeerException {
        try {
            requests.write(request.line() + "\n");
            requests.flush();
        } catch (IOException e) {
            throw ended();
        }
        return answer();
    }

    /** The next answer; lines that a native library printed are passed over. */
    private String answer() throws PeerException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Optional<PeerReply> reply = PeerReply.parse(nextLine(deadline - System.nanoTime()));
            if (reply.isPresent()) {
                if (reply.get().ok()) {
                    return reply.get().text();
                }
                throw new PeerException(library.name() + " failed: " + reply.get().text() + " (more in " + log + ")");
            }
        }
    }

    private String nextLine(long nanos) throws PeerException {
        try {
            Optional<String> line = lines.poll(nanos, TimeUnit.NANOSECONDS);
            if (line == null) {
                kill();
                throw new PeerException(library.name() + " did not answer within " + patience.toSeconds() + " s");
            }
            return line.orElseThrow(this::ended);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeerException("Interrupted while waiting for " + library.name(), e);
        }
    }

    private PeerException ended() {
        kill();
        return new PeerException(library.name() + " ended unexpectedly; its last words are in " + log);
    }

    private PeerException unexpected(String got, String expected) {
        return new PeerException(library.name() + ": got '" + got + "', expected " + expected);
    }

    /** Ends it; one that does not go is killed. */
    @Override
    public void close() {
        try {
            requests.close();
            if (process.waitFor(FAREWELL.toSeconds(), TimeUnit.SECONDS)) {
                return;
            }
        } catch (IOException e) {
            // It is gone already.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill();
    }

    private void kill() {
        process.destroyForcibly().onExit().join();
    }
}
