package org.bame.harness.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** A peer's side of the talk: answers every request with one line, until there are no more. */
public final class PeerServer {

    private static final int ORPHANED = 1;

    private final Peer peer;
    private final Map<Integer, PeerWork> works = new HashMap<>();
    private int nextWork;

    PeerServer(Peer peer) {
        this.peer = peer;
    }

    /**
     * The body of a peer's {@code main}. Standard output is for answers alone; what the library prints goes to standard error.
     * The process ends with the one that started it, whatever became of that.
     *
     * @param loader loads the library
     */
    public static void run(Supplier<Peer> loader) throws IOException {
        endWithParent();
        PrintStream answers = System.out;
        System.setOut(System.err);
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Peer peer;
        try {
            peer = loader.get();
            answers.println(PeerReply.done(peer.provider()).line());
        } catch (RuntimeException | LinkageError e) {
            answers.println(PeerReply.failed(e).line());
            e.printStackTrace();
            return;
        }
        new PeerServer(peer).serve(requests, answers);
    }

    /** The end of the requests tells, too, but only a peer that is not at work. */
    private static void endWithParent() {
        ProcessHandle.current()
                .parent()
                .ifPresent(parent -> parent.onExit().thenRun(() -> Runtime.getRuntime().halt(ORPHANED)));
    }

    void serve(BufferedReader requests, PrintStream answers) throws IOException {
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            answers.println(answer(line).line());
            answers.flush();
        }
        works.values().forEach(PeerWork::close);
    }

    PeerReply answer(String line) {
        try {
            return PeerReply.done(answer(PeerRequest.parse(line)));
        } catch (Exception | LinkageError | OutOfMemoryError e) {
            e.printStackTrace();
            return PeerReply.failed(e);
        }
    }

    private String answer(PeerRequest request) throws IOException {
        return switch (request) {
            case PeerRequest.Convolve convolve -> keep(peer.convolve(convolve));
            case PeerRequest.Train train -> keep(peer.train(train));
            case PeerRequest.Time time -> time(time);
            case PeerRequest.Result result -> write(work(result.work()), result.file());
            case PeerRequest.Release release -> release(release.work());
        };
    }

    private static String write(PeerWork work, Path file) throws IOException {
        float[] numbers = work.result();
        PeerFiles.write(file, numbers);
        return String.valueOf(numbers.length);
    }

    private String release(int number) {
        work(number).close();
        works.remove(number);
        return "";
    }

    private String keep(PeerWork work) {
        int number = nextWork++;
        works.put(number, work);
        return number + "\t" + work.parameters();
    }

    private PeerWork work(int number) {
        PeerWork work = works.get(number);
        if (work == null) {
            throw new IllegalArgumentException("Got work " + number + ", expected one of " + works.keySet());
        }
        return work;
    }

    private String time(PeerRequest.Time request) {
        List<PeerWork> timed = request.works().stream().map(this::work).toList();
        for (int round = 0; round < request.untimed(); round++) {
            timed.forEach(PeerWork::run);
        }
        List<Long> nanos = new ArrayList<>();
        for (int round = 0; round < request.rounds(); round++) {
            for (PeerWork work : timed) {
                long start = System.nanoTime();
                work.run();
                nanos.add(System.nanoTime() - start);
            }
        }
        return nanos.stream().map(String::valueOf).collect(Collectors.joining("\t"));
    }
}
