package org.bame.harness.peer;

import java.util.Optional;

/**
 * A peer's answer: one line.
 *
 * @param ok whether it did what it was asked for
 * @param text what it has to tell; of a failure, why
 */
record PeerReply(boolean ok, String text) {

    private static final String OK = "bame-peer ok\t";
    private static final String FAILED = "bame-peer failed\t";

    /** Takes the text as one line. */
    PeerReply {
        text = text.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
    }

    static PeerReply done(String text) {
        return new PeerReply(true, text);
    }

    static PeerReply failed(Throwable failure) {
        return new PeerReply(false, failure.toString());
    }

    /** The answer as it is sent. */
    String line() {
        return (ok ? OK : FAILED) + text;
    }

    /** Reads a line; empty if it is something else that a native library printed. */
    static Optional<PeerReply> parse(String line) {
        if (line.startsWith(OK)) {
            return Optional.of(new PeerReply(true, line.substring(OK.length())));
        }
        return line.startsWith(FAILED)
                ? Optional.of(new PeerReply(false, line.substring(FAILED.length())))
                : Optional.empty();
    }
}
