package org.bame.harness.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.bame.harness.peer.PeerProcess.Prepared;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.Product;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerProcessTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void worksAndAnswersThoughTheLibraryPrints() throws Exception {
        try (PeerProcess peer = start(FakePeer.class, PATIENCE); PeerScratch scratch = PeerScratch.create()) {
            assertThat(peer.provider()).isEqualTo("fake-1.0");
            Prepared work = peer.prepare(request(scratch));
            assertThat(work.parameters()).isEqualTo(2);
            assertThat(peer.time(List.of(work), 1, 3)).hasSize(3).doesNotContain(0);
            assertThat(peer.time(List.of(work), 1, 0)).isEmpty();
            assertThat(peer.time(List.of(work, work), 0, 2)).hasSize(4);
            // One image of one pixel, one channel to two.
            assertThat(peer.result(work)).containsExactly(3 * 5, 3 * 7);
            if (Files.isDirectory(Path.of("/proc/self"))) {
                assertThat(peer.peakBytes()).isGreaterThan(1 << 20);
            }

            peer.release(work);
            assertThatThrownBy(() -> peer.time(List.of(work), 0, 1))
                    .isInstanceOf(PeerException.class)
                    .hasMessageContaining("FakePeer failed")
                    .hasMessageContaining("Got work 0");
            assertThat(peer.isAlive()).as("a mistake does not end it").isTrue();
        }
    }

    @Test
    void tellsOfAProcessThatEnds() throws Exception {
        try (PeerProcess peer = start(FakePeer.Dying.class, PATIENCE); PeerScratch scratch = PeerScratch.create()) {
            Prepared work = peer.prepare(request(scratch));
            assertThatThrownBy(() -> peer.time(List.of(work), 0, 1))
                    .isInstanceOf(PeerException.class)
                    .hasMessageContaining("ended unexpectedly");
            assertThatThrownBy(() -> peer.time(List.of(work), 0, 1)).isInstanceOf(PeerException.class);
        }
    }

    @Test
    void killsAProcessThatHangs() throws Exception {
        try (PeerProcess peer = start(FakePeer.Hanging.class, Duration.ofSeconds(5));
                PeerScratch scratch = PeerScratch.create()) {
            Prepared work = peer.prepare(request(scratch));
            assertThatThrownBy(() -> peer.time(List.of(work), 0, 1))
                    .isInstanceOf(PeerException.class)
                    .hasMessageContaining("did not answer within 5 s");
            assertThatThrownBy(() -> peer.time(List.of(work), 0, 1)).hasMessageContaining("ended unexpectedly");
            assertThat(peer.isAlive()).isFalse();
        }
    }

    @Test
    void tellsOfALibraryThatCannotBeHad() throws Exception {
        assertThatThrownBy(() -> start(FakePeer.Unloadable.class, PATIENCE))
                .isInstanceOf(PeerException.class)
                .hasMessageContaining("Unloadable failed")
                .hasMessageContaining("no fake in java.library.path");
        PeerLibrary unknown = new PeerLibrary("Other", "other", FakePeer.class.getName());
        assertThatThrownBy(() -> PeerProcess.start(new PeerFolder(folder), unknown, 1))
                .isInstanceOf(PeerException.class)
                .hasMessageContaining("Other was not built");
        Files.write(folder.resolve("other"), List.of(folder.resolve("gone.jar").toString()));
        assertThatThrownBy(() -> PeerProcess.start(new PeerFolder(folder), unknown, 1))
                .isInstanceOf(PeerException.class)
                .hasMessageContaining("gone.jar does not exist");
    }

    private PeerProcess start(Class<? extends FakePeer> type, Duration patience) throws PeerException {
        Peers peers = FakePeer.peers(folder, type);
        return PeerProcess.start(peers.folder(), peers.libraries().getFirst(), 1, patience);
    }

    private static PeerRequest request(PeerScratch scratch) {
        scratch.write(PeerFiles.WEIGHTS, new float[]{5, 7});
        scratch.write(PeerFiles.X, new float[]{3});
        scratch.write(PeerFiles.DY, new float[]{1, 2});
        ConvolutionShape shape = ConvolutionShape.square(FeatureShape.vector(1), 2, 1, 1, 0);
        return new PeerRequest.Convolve(Product.FORWARD, shape, 1, scratch.folder());
    }
}
