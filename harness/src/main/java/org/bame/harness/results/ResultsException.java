package org.bame.harness.results;

/** A results folder cannot be used; the message says why and what to do. */
public final class ResultsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, with which file, and the remedy */
    public ResultsException(String message) {
        super(message);
    }

    /**
     * @param message what is wrong, with which file, and the remedy
     * @param cause the failure underneath
     */
    public ResultsException(String message, Throwable cause) {
        super(message, cause);
    }
}
