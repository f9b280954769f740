package org.bame.harness.peer;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bame.kernel.ConvolutionShape;

/**
 * Where the launcher keeps what it built of the peers: of each module a file that lists its class path, an entry a line.
 *
 * @param folder the folder
 */
public record PeerFolder(Path folder) {

    private static final String HOME = "bame.home";

    /** That of the launcher, or an empty one if the suite was started without it. */
    public static PeerFolder ofLauncher() {
        return new PeerFolder(
                Path.of(System.getProperty(HOME, "")).toAbsolutePath().resolve(".bame").resolve("peers"));
    }

    /**
     * Class path of a peer: our own classes, which it shares with us, before its own and its libraries'.
     *
     * @throws PeerException if it was not built
     */
    List<Path> classPath(PeerLibrary library) throws PeerException {
        Path list = folder.resolve(library.build());
        try {
            List<Path> entries = new ArrayList<>(List.of(home(PeerServer.class), home(ConvolutionShape.class)));
            for (String line : Files.readAllLines(list)) {
                Path entry = Path.of(line);
                if (!Files.exists(entry)) {
                    throw new PeerException(library.name() + " is gone: " + entry + " does not exist. Delete " + folder
                            + ", and it is built again");
                }
                entries.add(entry);
            }
            return entries;
        } catch (IOException e) {
            throw new PeerException(
                    library.name() + " was not built: there is no " + list + ". ./bame builds it when a benchmark is"
                            + " started with --peers; see " + folder.resolve("build.log"),
                    e);
        }
    }

    /** Where a peer's standard error goes. */
    Path log(PeerLibrary library, int threads) {
        return folder.resolve(library.name() + "-" + threads + ".log");
    }

    private static Path home(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
