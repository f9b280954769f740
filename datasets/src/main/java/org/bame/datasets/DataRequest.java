package org.bame.datasets;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where to look for data and what may be done to get it.
 *
 * @param dataDir folder given by the user ({@code --data-dir}): either a data set's own folder or the one that holds
 *        it; empty for the default of {@link #root()}
 * @param allowDownload whether missing data may be downloaded into that folder
 * @param progress receives one-line messages for the user: downloads under way, and warnings
 * @param decodingThreads threads that decode image files, for data sets that do not fit memory, at least 1; changes no
 *        batch
 */
public record DataRequest(
        Optional<Path> dataDir, boolean allowDownload, Consumer<String> progress, int decodingThreads) {

    /** Environment variable that replaces the default data folder. */
    public static final String DATA_DIR_VARIABLE = "BAME_DATA_DIR";

    /** Checks for nulls, and that there is a thread. */
    public DataRequest {
        Objects.requireNonNull(dataDir, "dataDir");
        Objects.requireNonNull(progress, "progress");
        if (decodingThreads < 1) {
            throw new IllegalArgumentException("Decoding needs at least 1 thread, got " + decodingThreads + ".");
        }
    }

    /** With a decoding thread for each processor. */
    public DataRequest(Optional<Path> dataDir, boolean allowDownload, Consumer<String> progress) {
        this(dataDir, allowDownload, progress, Runtime.getRuntime().availableProcessors());
    }

    /** The same with another number of decoding threads. */
    public DataRequest decodingWith(int threads) {
        return new DataRequest(dataDir, allowDownload, progress, threads);
    }

    /** The default folder, downloads allowed. */
    public static DataRequest standard(Consumer<String> progress) {
        return new DataRequest(Optional.empty(), true, progress);
    }

    /** A given folder, no downloads. */
    public static DataRequest offline(Path dataDir) {
        return new DataRequest(Optional.of(dataDir), false, message -> {});
    }

    /** The folder to look in: {@code dataDir}, else {@code $BAME_DATA_DIR}, else {@code ~/.cache/bame/data}. */
    public Path root() {
        return root(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    Path root(Map<String, String> environment, Path home) {
        if (dataDir.isPresent()) {
            return dataDir.get();
        }
        String variable = environment.getOrDefault(DATA_DIR_VARIABLE, "");
        return variable.isBlank() ? home.resolve(Path.of(".cache", "bame", "data")) : Path.of(variable);
    }
}
