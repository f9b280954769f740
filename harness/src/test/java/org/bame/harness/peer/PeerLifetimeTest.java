package org.bame.harness.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.Product;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Peers of a process that is told to end, or killed. */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class PeerLifetimeTest {

    @TempDir
    private Path folder;

    /** Runs in a child: has a peer prepare a work, and asks it once more when the process is ending. */
    static final class Interrupted {

        private Interrupted() {}

        public static void main(String[] arguments) throws Exception {
            PeerProcess peer = start(FakePeer.class, Path.of(arguments[0]));
            PeerProcess.Prepared work = prepare(peer);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println(answer(peer, work))));
            System.out.println(peer.pid());
            Thread.sleep(TimeUnit.MINUTES.toMillis(1));
        }

        private static String answer(PeerProcess peer, PeerProcess.Prepared work) {
            try {
                // Long enough for a signal to arrive everywhere.
                Thread.sleep(500);
                return peer.time(List.of(work), 0, 2).length + " times";
            } catch (PeerException | InterruptedException e) {
                return e.getMessage();
            } finally {
                peer.close();
            }
        }
    }

    /** Runs in a child: waits for a peer that never gets done. */
    static final class Waiting {

        private Waiting() {}

        public static void main(String[] arguments) throws Exception {
            PeerProcess peer = start(FakePeer.Hanging.class, Path.of(arguments[0]));
            PeerProcess.Prepared work = prepare(peer);
            System.out.println(peer.pid());
            peer.time(List.of(work), 0, 1);
        }
    }

    @Test
    void interruptedFromATerminalPeersAnswerToTheEnd() throws Exception {
        List<String> session = OwnSession.prefix();
        assumeFalse(session.isEmpty(), "there is no setsid");
        Process child = start(session, Interrupted.class);
        try (BufferedReader output = child.inputReader()) {
            ProcessHandle peer = peer(output);
            // To the whole group, as a terminal does. Not INT: a build in the background makes all that it starts ignore that.
            new ProcessBuilder("kill", "-TERM", "--", "-" + child.pid()).start().waitFor();
            assertThat(output.readLine()).isEqualTo("2 times");
            peer.onExit().get(20, TimeUnit.SECONDS);
        } finally {
            child.destroyForcibly();
        }
    }

    @Test
    void aPeerAtWorkEndsWithWhoeverStartedIt() throws Exception {
        Process child = start(List.of(), Waiting.class);
        try (BufferedReader output = child.inputReader()) {
            ProcessHandle peer = peer(output);
            child.destroyForcibly().waitFor();
            try {
                peer.onExit().get(20, TimeUnit.SECONDS);
            } finally {
                peer.destroyForcibly();
            }
        }
    }

    private static ProcessHandle peer(BufferedReader output) throws Exception {
        Optional<ProcessHandle> peer = ProcessHandle.of(Long.parseLong(output.readLine()));
        assertThat(peer).isPresent();
        return peer.orElseThrow();
    }

    private Process start(List<String> prefix, Class<?> program) throws Exception {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"),
                program.getName(),
                folder.toString()));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static PeerProcess start(Class<? extends FakePeer> type, Path folder) throws PeerException {
        Peers peers = FakePeer.peers(folder, type);
        return PeerProcess.start(peers.folder(), peers.libraries().getFirst(), 1);
    }

    private static PeerProcess.Prepared prepare(PeerProcess peer) throws PeerException {
        try (PeerScratch scratch = PeerScratch.create()) {
            scratch.write(PeerFiles.WEIGHTS, new float[]{5, 7});
            scratch.write(PeerFiles.X, new float[]{3});
            scratch.write(PeerFiles.DY, new float[]{1, 2});
            ConvolutionShape shape = ConvolutionShape.square(FeatureShape.vector(1), 2, 1, 1, 0);
            return peer.prepare(new PeerRequest.Convolve(Product.FORWARD, shape, 1, scratch.folder()));
        }
    }
}
