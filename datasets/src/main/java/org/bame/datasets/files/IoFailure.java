package org.bame.datasets.files;

import java.io.IOException;

/** Says why a file or an address could not be used. */
public final class IoFailure {

    private IoFailure() {}

    /**
     * The reason for a message: {@code AccessDeniedException: /data/x}. Most of these exceptions say nothing but a path
     * in their message, or nothing at all: what went wrong is in their name. Only {@link IOException} itself says
     * nothing by its name.
     */
    public static String reason(Exception failure) {
        String name = failure.getClass().getSimpleName();
        if (failure.getMessage() == null || failure.getMessage().isBlank()) {
            return name;
        }
        return failure.getClass() == IOException.class ? failure.getMessage() : name + ": " + failure.getMessage();
    }
}
