package org.bame.peer.nd4j;

import java.io.IOException;
import org.bame.harness.peer.Peer;
import org.bame.harness.peer.PeerRequest;
import org.bame.harness.peer.PeerServer;
import org.bame.harness.peer.PeerWork;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J's matrix product, on as many threads as {@code OMP_NUM_THREADS} says. */
public final class Nd4jPeer implements Peer {

    private Nd4jPeer() {
        // Loads the native library here rather than at the first request.
        Nd4j.getBackend();
    }

    /** Serves until input ends. */
    public static void main(String[] arguments) throws IOException {
        PeerServer.run(Nd4jPeer::new);
    }

    @Override
    public String provider() {
        return "nd4j-gemm-" + ArtifactVersion.of("org.nd4j", "nd4j-api");
    }

    @Override
    public PeerWork convolve(PeerRequest.Convolve request) throws IOException {
        return new Nd4jProduct(request);
    }
}
