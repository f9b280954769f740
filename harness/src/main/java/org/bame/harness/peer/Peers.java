package org.bame.harness.peer;

import java.util.List;

/**
 * The libraries that a benchmark compares with.
 *
 * @param folder where they were built
 * @param libraries in the order of the tables
 */
public record Peers(PeerFolder folder, List<PeerLibrary> libraries) {

    /** Takes an unmodifiable copy. */
    public Peers {
        libraries = List.copyOf(libraries);
    }

    /** No comparison. */
    public static Peers none() {
        return new Peers(PeerFolder.ofLauncher(), List.of());
    }
}
