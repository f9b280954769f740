package org.bame.harness.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.bame.datasets.DataSetException;

/** The folder given by {@code --data-dir}. */
final class DataFolder {

    private DataFolder() {}

    /**
     * Refuses a folder that does not exist, so that nothing is made under a mistyped name.
     *
     * @throws DataSetException if it does not
     */
    static void requireThere(Optional<Path> given) {
        given.filter(path -> !Files.isDirectory(path)).ifPresent(path -> {
            throw new DataSetException("--data-dir: got '" + path + "', which is no folder ("
                    + path.toAbsolutePath().normalize()
                    + "), expected one that exists. Correct the name, make the folder, or have"
                    + " it made by './bame data NAME --download --data-dir " + path + "'.");
        });
    }
}
