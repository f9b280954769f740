package org.bame.harness.compare;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bame.harness.results.ResultsException;

/** One side of a comparison: a results folder, or one of its CSV files. */
public final class ResultsSource {

    private static final String ENVIRONMENTS = "environments.csv";
    private static final String ENVIRONMENT_ID = "environment_id";

    private final Path path;
    private final Map<ResultsKind, List<ResultsRow>> rows = new EnumMap<>(ResultsKind.class);
    private final Map<String, ResultsRow> environments = new HashMap<>();

    private ResultsSource(Path path) {
        this.path = path;
    }

    /**
     * Reads a folder's files, or one file and the {@code environments.csv} beside it.
     *
     * @throws ResultsException if there is nothing to compare, or a file is damaged
     */
    public static ResultsSource read(Path path) {
        ResultsSource source = new ResultsSource(path);
        if (Files.isDirectory(path)) {
            for (ResultsKind kind : ResultsKind.values()) {
                Path file = path.resolve(kind.fileName());
                if (Files.exists(file)) {
                    source.add(file, Optional.of(kind));
                }
            }
            source.addEnvironments(path.resolve(ENVIRONMENTS));
        } else if (Files.exists(path)) {
            source.add(path, Optional.empty());
            source.addEnvironments(path.resolveSibling(ENVIRONMENTS));
        }
        if (source.rows.isEmpty()) {
            String got = Files.exists(path) ? "got a folder without results" : "got nothing";
            throw new ResultsException(path + ": " + got + ", expected a results folder or one of its files "
                    + ResultsKind.fileNames()
                    + ". Check the path.");
        }
        return source;
    }

    private void add(Path file, Optional<ResultsKind> expected) {
        ResultsTable table = ResultsTable.read(file);
        Optional<ResultsKind> kind = ResultsKind.of(table.header());
        if (kind.isEmpty() || expected.isPresent() && !expected.equals(kind)) {
            throw new ResultsException(file + ": got the columns " + String.join(",", table.header())
                    + ", expected those of " + expected.map(ResultsKind::fileName).orElse(ResultsKind.fileNames())
                    + ". Compare files that the suite wrote.");
        }
        rows.put(kind.get(), table.rows());
    }

    private void addEnvironments(Path file) {
        if (Files.exists(file)) {
            ResultsTable.read(file).rows().forEach(row -> environments.put(row.text(ENVIRONMENT_ID), row));
        }
    }

    /** The folder or file. */
    public Path path() {
        return path;
    }

    boolean has(ResultsKind kind) {
        return rows.containsKey(kind);
    }

    /** Rows of a kind; none without such a file. */
    List<ResultsRow> rows(ResultsKind kind) {
        return rows.getOrDefault(kind, List.of());
    }

    /** The machine and build behind a row, if they are known. */
    Optional<ResultsRow> environment(ResultsRow row) {
        return Optional.ofNullable(environments.get(row.text(ENVIRONMENT_ID)));
    }
}
