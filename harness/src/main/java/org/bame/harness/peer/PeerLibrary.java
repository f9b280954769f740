package org.bame.harness.peer;

import java.util.List;

/**
 * A library to compare with.
 *
 * @param name by which messages call it
 * @param build module that holds it, a folder of {@code harness/peers}
 * @param mainClass that serves it
 */
public record PeerLibrary(String name, String build, String mainClass) {

    private static final PeerLibrary ONEDNN = new PeerLibrary("oneDNN", "onednn", "org.bame.peer.onednn.OneDnnPeer");
    private static final PeerLibrary ND4J = new PeerLibrary("ND4J", "nd4j", "org.bame.peer.nd4j.Nd4jPeer");
    private static final PeerLibrary PYTORCH =
            new PeerLibrary("PyTorch", "pytorch", "org.bame.peer.pytorch.PyTorchPeer");
    private static final PeerLibrary DEEPLEARNING4J =
            new PeerLibrary("Deeplearning4j", "nd4j", "org.bame.peer.nd4j.Deeplearning4jPeer");

    /** Those that compute products. */
    public static List<PeerLibrary> products() {
        return List.of(ONEDNN, ND4J);
    }

    /** Those that train networks. */
    public static List<PeerLibrary> training() {
        return List.of(PYTORCH, DEEPLEARNING4J);
    }
}
