package org.bame.peer.nd4j;

import java.io.IOException;
import org.bame.harness.peer.Peer;
import org.bame.harness.peer.PeerRequest;
import org.bame.harness.peer.PeerServer;
import org.bame.harness.peer.PeerWork;
import org.nd4j.linalg.factory.Nd4j;

/** Deeplearning4j with its own layers, on as many threads as {@code OMP_NUM_THREADS} says. */
public final class Deeplearning4jPeer implements Peer {

    private Deeplearning4jPeer() {
        // Loads the native library here rather than at the first request.
        Nd4j.getBackend();
    }

    /** Serves until input ends. */
    public static void main(String[] arguments) throws IOException {
        PeerServer.run(Deeplearning4jPeer::new);
    }

    @Override
    public String provider() {
        return "deeplearning4j-" + ArtifactVersion.of("org.deeplearning4j", "deeplearning4j-nn");
    }

    @Override
    public PeerWork train(PeerRequest.Train request) throws IOException {
        return new StockTraining(request);
    }
}
