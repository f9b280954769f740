package org.bame.peer.onednn;

import java.io.IOException;
import org.bame.harness.peer.Peer;
import org.bame.harness.peer.PeerRequest;
import org.bame.harness.peer.PeerServer;
import org.bame.harness.peer.PeerWork;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.stream;

/** oneDNN through its JavaCPP binding, on as many threads as {@code OMP_NUM_THREADS} says. */
public final class OneDnnPeer implements Peer {

    private final engine engine = new engine(org.bytedeco.dnnl.engine.kind.cpu, 0);
    private final stream stream = new stream(engine);

    OneDnnPeer() {}

    /** Serves until input ends. */
    public static void main(String[] arguments) throws IOException {
        PeerServer.run(OneDnnPeer::new);
    }

    @Override
    public String provider() {
        dnnl_version_t version = dnnl.dnnl_version();
        return "onednn-" + version.major() + "." + version.minor() + "." + version.patch();
    }

    @Override
    public PeerWork convolve(PeerRequest.Convolve request) throws IOException {
        OneDnnMemory memory = new OneDnnMemory(engine, stream, request);
        return switch (request.product()) {
            case FORWARD -> OneDnnConvolution.forward(memory, request.shape());
            case INPUT_GRADIENT -> OneDnnConvolution.inputGradient(memory, request.shape());
            case WEIGHT_GRADIENT -> OneDnnConvolution.weightGradient(memory, request.shape());
        };
    }
}
