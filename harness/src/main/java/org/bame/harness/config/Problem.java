package org.bame.harness.config;

/**
 * One mistake in what a user wrote.
 *
 * @param where the file and key, for example {@code quickstart.yaml: methods[2].options.tau}
 * @param got what stands there
 * @param expected what may stand there; empty if {@code got} is a sentence that says it already
 * @param remedy what to do; empty if {@code expected} says it already
 */
public record Problem(String where, String got, String expected, String remedy) {

    /** The same mistake somewhere else. */
    public Problem at(String other) {
        return new Problem(other, got, expected, remedy);
    }

    /** The sentence users see. */
    @Override
    public String toString() {
        String sentence = expected.isEmpty() ? where + ": " + got : where + ": got " + got + ", expected " + expected;
        return remedy.isEmpty() ? sentence : sentence + ". " + remedy;
    }
}
