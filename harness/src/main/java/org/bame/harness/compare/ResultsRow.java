package org.bame.harness.compare;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bame.harness.results.ResultsException;

/**
 * A row of a results file.
 *
 * @param file where it stands
 * @param line of the file, from 1
 * @param fields by column
 */
record ResultsRow(Path file, long line, Map<String, String> fields) {

    /** A field; empty where it is, and where the version that wrote the file had no such column. */
    String text(String column) {
        return fields.getOrDefault(column, "");
    }

    /** The fields of some columns. */
    List<String> texts(List<String> columns) {
        return columns.stream().map(this::text).toList();
    }

    /**
     * A number; NaN where the field is empty or the column missing.
     *
     * @throws ResultsException if something else stands there
     */
    double number(String column) {
        String text = text(column);
        if (text.isEmpty()) {
            return Double.NaN;
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw bad(column, "a number", e);
        }
    }

    /**
     * A number whose logarithm is taken; NaN where there is none.
     *
     * @throws ResultsException if it is not above 0
     */
    double positive(String column) {
        double number = number(column);
        if (number <= 0 || Double.isInfinite(number)) {
            throw bad(column, "a finite number above 0", null);
        }
        return number;
    }

    /** A seed. */
    long seed() {
        try {
            return Long.parseLong(text("seed"));
        } catch (NumberFormatException e) {
            throw bad("seed", "a whole number", e);
        }
    }

    private ResultsException bad(String column, String expected, Throwable cause) {
        return new ResultsException(
                file + ", line " + line + ": got '" + text(column) + "' in column " + column + ", expected " + expected
                        + ". Repair the row, or compare other files.",
                cause);
    }
}
