package org.bame.harness.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.bame.datasets.DataSetException;

/** What is given by {@code --data-dir}: a folder, or of a text the file. */
final class DataFolder {

    private DataFolder() {}

    /**
     * Refuses what does not exist, so that nothing is made under a mistyped name.
     *
     * @throws DataSetException if it does not
     */
    static void requireThere(Optional<Path> given) {
        given.filter(path -> !Files.exists(path)).ifPresent(path -> {
            throw new DataSetException("--data-dir: got '" + path + "', which is neither a folder nor a file ("
                    + path.toAbsolutePath().normalize()
                    + "), expected one that exists. Correct the name, make the folder, or have"
                    + " it made by './bame data NAME --download --data-dir " + path + "'.");
        });
    }
}
