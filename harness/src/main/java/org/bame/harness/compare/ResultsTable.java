package org.bame.harness.compare;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.bame.datasets.files.IoFailure;
import org.bame.harness.results.ResultsException;

/**
 * A CSV file by the names of its columns, whichever version of the suite wrote it: what is compared is often older than the
 * build that compares.
 *
 * @param header names of the columns
 * @param rows in the file's order
 */
record ResultsTable(List<String> header, List<ResultsRow> rows) {

    private static final String REMEDY = ". Repair it, or compare other files.";

    /**
     * Reads a file. A last line without its end was torn by a kill, or is being written, and is passed over.
     *
     * @throws ResultsException if it cannot be read, or is no table
     */
    static ResultsTable read(Path file) {
        String text = text(file);
        String whole = text.substring(0, text.lastIndexOf('\n') + 1);
        try (CSVParser parser = CSVFormat.RFC4180.parse(new StringReader(whole))) {
            List<CSVRecord> records = parser.getRecords();
            if (records.isEmpty()) {
                throw new ResultsException(file + ": got no line, expected the names of the columns" + REMEDY);
            }
            List<String> header = records.getFirst().toList();
            if (new HashSet<>(header).size() < header.size()) {
                throw new ResultsException(
                        file + ": got a column twice in " + String.join(",", header) + ", expected different names"
                                + REMEDY);
            }
            return new ResultsTable(
                    header, records.stream().skip(1).map(row -> row(file, header, row)).toList());
        } catch (IOException | UncheckedIOException e) {
            throw new ResultsException(file + ": is no CSV file: " + IoFailure.reason(e) + REMEDY, e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (MalformedInputException e) {
            throw new ResultsException(file + ": got bytes that are no UTF-8, expected a text" + REMEDY, e);
        } catch (IOException e) {
            throw new ResultsException("Cannot read " + file + ": " + IoFailure.reason(e)
                    + ". Make it readable, or compare other files.", e);
        }
    }

    private static ResultsRow row(Path file, List<String> header, CSVRecord row) {
        if (row.size() != header.size()) {
            throw new ResultsException(file + ", line " + row.getRecordNumber() + ": got " + row.size()
                    + " fields, expected " + header.size() + " as in the first line" + REMEDY);
        }
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i < header.size(); i++) {
            fields.put(header.get(i), row.get(i));
        }
        return new ResultsRow(file, row.getRecordNumber(), fields);
    }
}
