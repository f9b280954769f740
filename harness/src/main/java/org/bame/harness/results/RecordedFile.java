package org.bame.harness.results;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.bame.datasets.files.IoFailure;

/**
 * Reads what this or an earlier version recorded, and leaves the folder as it is: no locks, nothing cut off. Versions only
 * added columns, so that fields are found by the names of their columns.
 */
public final class RecordedFile {

    private static final CSVFormat FORMAT = CSVFormat.RFC4180;
    private static final String SCHEMA = "schema";

    private RecordedFile() {}

    /**
     * The rows of a table's file in a folder, oldest first; none if it is not there. A last line without an end was torn by a
     * kill or is being written, and is passed over.
     *
     * @throws ResultsException if the file cannot be read, is not one of this table, is a newer version's, or has a row of
     *         another length than its header
     */
    public static List<RecordedRow> read(CsvTable<?> table, Path folder) {
        Path file = folder.resolve(table.fileName());
        return Files.exists(file) ? read(file, table.keyColumns()) : List.of();
    }

    /**
     * The rows of any file with a header.
     *
     * @param required columns that it must have
     * @throws ResultsException as above
     */
    public static List<RecordedRow> read(Path file, List<String> required) {
        List<CSVRecord> records = records(file);
        List<String> header = records.isEmpty() ? List.of() : records.getFirst().toList();
        for (String column : required) {
            require(header.contains(column), () -> file + ": got no column " + column + " among '"
                    + String.join(",", header) + "'. Repair the first line, or move the file away.");
        }
        return records.stream().skip(1).map(record -> row(file, header, record)).toList();
    }

    private static RecordedRow row(Path file, List<String> header, CSVRecord record) {
        // Our own rows are one line each.
        long line = record.getRecordNumber();
        require(record.size() == header.size(), () -> file + ", line " + line + ": got " + record.size()
                + " fields, expected " + header.size() + " as in the header. Repair the row or remove it.");
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i < header.size(); i++) {
            fields.put(header.get(i), record.get(i));
        }
        RecordedRow row = new RecordedRow(file, line, fields);
        require(!(row.number(SCHEMA) > CsvTable.SCHEMA), () -> file + ", line " + line + ": got schema "
                + row.text(SCHEMA) + ", expected at most " + CsvTable.SCHEMA
                + ". Use the version of the suite that wrote it, or a newer one.");
        return row;
    }

    private static List<CSVRecord> records(Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.UTF_8);
            try (CSVParser parser = FORMAT.parse(new StringReader(text.substring(0, text.lastIndexOf('\n') + 1)))) {
                return parser.getRecords();
            }
        } catch (IOException | UncheckedIOException e) {
            throw new ResultsException(
                    "Cannot read " + file + ": " + IoFailure.reason(e)
                            + ". Make it readable, repair it, or move it away.",
                    e);
        }
    }

    private static void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new ResultsException(otherwise.get());
        }
    }
}
