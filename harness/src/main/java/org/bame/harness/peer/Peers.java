package org.bame.harness.peer;

import java.util.List;
import java.util.stream.Collectors;

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

    /** Environment variables that processes on so many threads run with, as {@code NAME=value}; empty without libraries. */
    public String settings(int threads) {
        return libraries.isEmpty()
                ? ""
                : PeerProcess.settings(threads).entrySet().stream()
                        .map(setting -> setting.getKey() + "=" + setting.getValue())
                        .collect(Collectors.joining(" "));
    }

    /** No comparison. */
    public static Peers none() {
        return new Peers(PeerFolder.ofLauncher(), List.of());
    }
}
