package org.bame.harness.config;

import java.util.ArrayList;
import java.util.List;

/** Gathers mistakes so that all of them can be reported at once. */
public final class Problems {

    private final List<Problem> found = new ArrayList<>();

    /** Notes a mistake in a sentence that says what is there and what is expected. */
    public void add(String where, String sentence) {
        add(where, sentence, "", "");
    }

    /** Notes a mistake that {@code expected} explains sufficiently. */
    public void add(String where, String got, String expected) {
        add(where, got, expected, "");
    }

    /** Notes a mistake. */
    public void add(String where, String got, String expected, String remedy) {
        found.add(new Problem(where, got, expected, remedy));
    }

    /** Number of mistakes so far. */
    public int count() {
        return found.size();
    }

    /**
     * Ends the gathering.
     *
     * @throws ConfigurationException with every mistake, if there is any; one that several runs of a sweep have, once
     */
    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw new ConfigurationException(found.stream().distinct().toList());
        }
    }
}
