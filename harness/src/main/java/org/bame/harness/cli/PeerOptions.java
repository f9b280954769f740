package org.bame.harness.cli;

import java.util.List;
import org.bame.harness.peer.PeerFolder;
import org.bame.harness.peer.PeerLibrary;
import org.bame.harness.peer.Peers;
import picocli.CommandLine.Option;

/** Whether a benchmark compares with other libraries. */
final class PeerOptions {

    @Option(
            names = "--peers",
            description = "Measure other libraries in the same rounds. They are built on first use, which downloads about 300 MB;"
                    + " one that cannot be had is left out.")
    private boolean peers;

    /** Those of some libraries that the user wants to compare with: all or none. */
    Peers of(List<PeerLibrary> libraries) {
        return peers ? new Peers(PeerFolder.ofLauncher(), libraries) : Peers.none();
    }
}
