package org.bame.harness.results;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A row as a file holds it, whichever version wrote it: a column that the version did not have is like one not measured.
 *
 * @param file that holds it
 * @param line in the file, from 1
 * @param fields by column
 */
public record RecordedRow(Path file, long line, Map<String, String> fields) {

    /** A field; empty if it was not measured. */
    public String text(String column) {
        return fields.getOrDefault(column, "");
    }

    /** Several fields, in the order of the columns. */
    public List<String> texts(List<String> columns) {
        return columns.stream().map(this::text).toList();
    }

    /**
     * A number; NaN if it was not measured.
     *
     * @throws ResultsException if the field is something else
     */
    public double number(String column) {
        String text = text(column);
        try {
            return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new ResultsException(file + ", line " + line + ": got '" + text + "' in column " + column
                    + ", expected a number. Repair the row or remove it.", e);
        }
    }
}
