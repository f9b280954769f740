package org.bame.harness.results;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A file's columns and how a row's fields become text. The first column is always {@code schema}, the version of the
 * columns, and the second of what depends on a machine {@code environment_id}.
 *
 * @param <R> type of a row
 */
public final class CsvTable<R> {

    static final int SCHEMA = 4;

    private final String fileName;
    private final List<Column<R>> columns = new ArrayList<>();
    private final List<Integer> key = new ArrayList<>();

    private CsvTable(String fileName) {
        this.fileName = fileName;
    }

    /** Begins a table whose rows are the same on every machine. */
    static <R> CsvTable<R> of(String fileName) {
        return new CsvTable<R>(fileName).column("schema", row -> SCHEMA);
    }

    /** Begins a table whose rows carry the identity of the machine that wrote them. */
    static <R> CsvTable<R> of(String fileName, Function<R, String> environmentId) {
        return CsvTable.<R>of(fileName).column("environment_id", environmentId::apply);
    }

    CsvTable<R> column(String name, Function<R, Object> field) {
        columns.add(new Column<>(name, field));
        return this;
    }

    /** A column that, together with the other key columns, identifies a row. */
    CsvTable<R> keyColumn(String name, Function<R, Object> field) {
        key.add(columns.size());
        return column(name, field);
    }

    /** Makes an existing column part of the key. */
    CsvTable<R> keyedBy(String name) {
        key.add(header().indexOf(name));
        return this;
    }

    /** The columns of a run's key. */
    CsvTable<R> runKey(Function<R, RunKey> run) {
        return keyColumn("run_id", row -> run.apply(row).runId())
                .column("workload", row -> run.apply(row).workload())
                .column("data_set", row -> run.apply(row).dataSet())
                .column("network", row -> run.apply(row).network())
                .column("method", row -> run.apply(row).method())
                .column("pattern", row -> run.apply(row).pattern())
                .column("seed", row -> run.apply(row).seed());
    }

    /** Name of the file in a results folder. */
    public String fileName() {
        return fileName;
    }

    /** Names of the columns. */
    public List<String> header() {
        return columns.stream().map(Column::name).toList();
    }

    /** Names of the columns that together identify a row. */
    public List<String> keyColumns() {
        return key(header());
    }

    /** The version of the columns, as the first field of each row has it. */
    static String schema() {
        return String.valueOf(SCHEMA);
    }

    /** A row's fields as text. */
    List<String> fields(R row) {
        return columns.stream().map(column -> text(column.field().apply(row))).toList();
    }

    /** The part of a row's fields that identifies it. */
    List<String> key(List<String> fields) {
        return key.stream().map(fields::get).toList();
    }

    /** A number that was not measured is an empty field. A row is one line: whoever reads it may read line by line. */
    private static String text(Object value) {
        return switch (value) {
            case null -> "";
            case Double number when number.isNaN() -> "";
            default -> value.toString().replaceAll("\\s*[\\r\\n]+\\s*", " ");
        };
    }

    private record Column<R>(String name, Function<R, Object> field) {}
}
