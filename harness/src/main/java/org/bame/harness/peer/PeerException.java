package org.bame.harness.peer;

/** A peer cannot be had, failed, or computed something else than we do: the benchmark goes on without it. */
public final class PeerException extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param message which peer, and what happened */
    public PeerException(String message) {
        super(message);
    }

    /**
     * @param message which peer, and what happened
     * @param cause of it
     */
    public PeerException(String message, Throwable cause) {
        super(message, cause);
    }
}
