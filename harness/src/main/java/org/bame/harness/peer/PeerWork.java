package org.bame.harness.peer;

/** What a peer has prepared and does again and again: a product, or a training step. */
public interface PeerWork extends AutoCloseable {

    /** Numbers that it multiplies with or trains: must be as many as ours. */
    long parameters();

    /** Does it once; returns when it is done. */
    void run();

    /** The product in the order of {@link PeerFiles}; of a training the loss of each step so far. */
    float[] result();

    @Override
    void close();
}
