package org.bame.peer.pytorch;

import ai.djl.engine.Engine;
import java.io.IOException;
import java.nio.file.Path;
import org.bame.harness.peer.Peer;
import org.bame.harness.peer.PeerRequest;
import org.bame.harness.peer.PeerServer;
import org.bame.harness.peer.PeerWork;

/** PyTorch through DJL, on as many threads as {@code OMP_NUM_THREADS} says. */
public final class PyTorchPeer implements Peer {

    private final Engine engine;

    PyTorchPeer() {
        // DJL would look for libraries on the net, and report its use.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        System.setProperty("DJL_CACHE_DIR", Path.of("djl").toAbsolutePath().toString());
        // Its threads for independent operations have nothing to do here.
        System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
        System.setProperty("ai.djl.pytorch.num_threads", System.getenv().getOrDefault("OMP_NUM_THREADS", "1"));
        engine = Engine.getEngine("PyTorch");
    }

    /** Serves until input ends. */
    public static void main(String[] arguments) throws IOException {
        PeerServer.run(PyTorchPeer::new);
    }

    @Override
    public String provider() {
        return "pytorch-" + engine.getVersion();
    }

    @Override
    public PeerWork train(PeerRequest.Train request) throws IOException {
        return new TorchTraining(engine, request);
    }
}
