package org.bame.layer;

/** What a training run did is not what its method or its kernels say they do: its results would mean something else. */
public final class InvariantException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    InvariantException(String message) {
        super(message);
    }
}
