package org.bame.harness.peer;

import java.io.IOException;

/** A library in its own process, as {@link PeerServer} sees it. */
public interface Peer {

    /** Name and version, as in the column {@code provider}. */
    String provider();

    /**
     * Prepares a product, its operands in whatever order the library likes best.
     *
     * @throws IOException if the operands cannot be read
     */
    default PeerWork convolve(PeerRequest.Convolve request) throws IOException {
        throw new UnsupportedOperationException(provider() + " has no products here");
    }

    /**
     * Prepares the training of a network.
     *
     * @throws IOException if network or batch cannot be read
     */
    default PeerWork train(PeerRequest.Train request) throws IOException {
        throw new UnsupportedOperationException(provider() + " trains no networks here");
    }
}
