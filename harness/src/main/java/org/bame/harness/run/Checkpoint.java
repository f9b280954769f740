package org.bame.harness.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.bame.datasets.files.IoFailure;
import org.bame.harness.results.ResultsException;
import org.bame.layer.SparseTrainer;

/**
 * A run's checkpoint: the trainer's file (a Deeplearning4j model file with more entries) and the harness's state as one
 * more entry. The file appears whole or not at all.
 */
final class Checkpoint {

    private static final String ENTRY = "harness.json";
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final Path file;

    Checkpoint(Path file) {
        this.file = file;
    }

    boolean exists() {
        return Files.exists(file);
    }

    void save(SparseTrainer trainer, RunState state) {
        try {
            Files.createDirectories(file.getParent());
            trainer.save(file, Map.of(ENTRY, JSON.writeValueAsBytes(state)));
        } catch (IOException e) {
            throw new ResultsException("Cannot write the checkpoint " + file + ": " + IoFailure.reason(e)
                    + ". Check that the folder is writable and the disk not full.", e);
        }
    }

    /** Where the run was. */
    RunState state() {
        try (FileSystem zip = FileSystems.newFileSystem(file)) {
            return JSON.readValue(Files.readAllBytes(zip.getPath(ENTRY)), RunState.class);
        } catch (IOException | IllegalArgumentException e) {
            throw unusable(e);
        }
    }

    /** Puts the trainer where it was. */
    void restore(SparseTrainer trainer) {
        try {
            trainer.restore(file);
        } catch (IOException | IllegalArgumentException e) {
            throw unusable(e);
        }
    }

    private ResultsException unusable(Exception failure) {
        return new ResultsException(
                "The checkpoint " + file + " cannot be used: " + IoFailure.reason(failure)
                        + ". Delete it to train the run anew.",
                failure);
    }
}
