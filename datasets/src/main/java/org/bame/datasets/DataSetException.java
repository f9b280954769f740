package org.bame.datasets;

/**
 * A data set cannot be used: a file is missing, damaged or unreachable. The message names the file, says what was found
 * and what was expected, and ends with what the user can do; it is meant to be shown without a stack trace.
 */
public final class DataSetException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, with which file, and the remedy */
    public DataSetException(String message) {
        super(message);
    }

    /**
     * @param message what is wrong, with which file, and the remedy
     * @param cause the failure underneath
     */
    public DataSetException(String message, Throwable cause) {
        super(message, cause);
    }
}
