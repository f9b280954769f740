package org.bame.harness.measure;

/** A measured kernel computed something else than its scalar twin: its times mean nothing. */
public final class KernelMismatchException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message which kernel, what it gave, what its twin gave, and what to do */
    public KernelMismatchException(String message) {
        super(message);
    }
}
