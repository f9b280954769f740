package org.bame.harness.results;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bame.datasets.files.IoFailure;

/** A folder given by {@code --out}: its CSV files, checkpoints and locks. */
public final class ResultsFolder {

    private static final String LOCKS = "locks";
    private static final String CHECKPOINTS = "checkpoints";

    private final Path path;
    private final CsvFile<RunRow> runs;
    private final CsvFile<EpochRow> epochs;
    private final CsvFile<LayerRow> layers;
    private final CsvFile<MaskRow> masks;
    private final CsvFile<KernelRow> kernels;
    private final CsvFile<StepRow> steps;
    private final CsvFile<ScaleRow> scale;
    private final CsvFile<DataRow> data;
    private final CsvFile<EnvironmentRow> environments;

    private ResultsFolder(Path path) {
        this.path = path;
        this.runs = new CsvFile<>(RunRow.TABLE, path);
        this.epochs = new CsvFile<>(EpochRow.TABLE, path);
        this.layers = new CsvFile<>(LayerRow.TABLE, path);
        this.masks = new CsvFile<>(MaskRow.TABLE, path);
        this.kernels = new CsvFile<>(KernelRow.TABLE, path);
        this.steps = new CsvFile<>(StepRow.TABLE, path);
        this.scale = new CsvFile<>(ScaleRow.TABLE, path);
        this.data = new CsvFile<>(DataRow.TABLE, path);
        this.environments = new CsvFile<>(EnvironmentRow.TABLE, path);
    }

    /**
     * Opens a folder, making it if need be.
     *
     * @throws ResultsException if it cannot be made or its files have other columns
     */
    public static ResultsFolder open(Path path) {
        try {
            Files.createDirectories(path.resolve(LOCKS));
        } catch (IOException e) {
            throw new ResultsException(
                    "Cannot make the results folder " + path + ": " + IoFailure.reason(e)
                            + ". Give another with --out.", e);
        }
        ResultsFolder folder = new ResultsFolder(path);
        List.of(folder.runs, folder.epochs, folder.layers, folder.masks, folder.kernels, folder.steps,
                folder.scale, folder.data, folder.environments)
                .forEach(CsvFile::check);
        return folder;
    }

    /** The folder itself. */
    public Path path() {
        return path;
    }

    /** {@code runs.csv}. */
    public CsvFile<RunRow> runs() {
        return runs;
    }

    /** {@code epochs.csv}. */
    public CsvFile<EpochRow> epochs() {
        return epochs;
    }

    /** {@code layers.csv}. */
    public CsvFile<LayerRow> layers() {
        return layers;
    }

    /** {@code masks.csv}. */
    public CsvFile<MaskRow> masks() {
        return masks;
    }

    /** {@code kernels.csv}. */
    public CsvFile<KernelRow> kernels() {
        return kernels;
    }

    /** {@code steps.csv}. */
    public CsvFile<StepRow> steps() {
        return steps;
    }

    /** {@code scale.csv}. */
    public CsvFile<ScaleRow> scale() {
        return scale;
    }

    /** {@code data.csv}. */
    public CsvFile<DataRow> data() {
        return data;
    }

    /** {@code environments.csv}. */
    public CsvFile<EnvironmentRow> environments() {
        return environments;
    }

    /** Where a run's checkpoint is or would be. */
    public Path checkpoint(String runId) {
        return path.resolve(CHECKPOINTS).resolve(runId + ".zip");
    }

    /** Takes a run for this process, if no other one has it. */
    public Optional<RunLock> tryLock(String runId) {
        return RunLock.tryAcquire(lockFile(path, runId));
    }

    static Path lockFile(Path folder, String name) {
        return folder.resolve(LOCKS).resolve(name + ".lock");
    }
}
