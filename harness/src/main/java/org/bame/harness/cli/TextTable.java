package org.bame.harness.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A table whose first columns are left-aligned, the others (numbers) right-aligned. */
final class TextTable {

    private static final String GAP = "  ";

    private final int leftAligned;
    private final List<List<String>> rows = new ArrayList<>();

    TextTable(int leftAligned, List<String> header) {
        this.leftAligned = leftAligned;
        rows.add(header);
    }

    void add(List<String> row) {
        if (row.size() != rows.getFirst().size()) {
            throw new IllegalArgumentException("A row of " + row.size() + " fields in a table of "
                    + rows.getFirst().size());
        }
        rows.add(row);
    }

    void print(PrintWriter out, TableStyle style) {
        switch (style) {
            case TEXT -> print(out);
            case MARKDOWN -> printMarkdown(out);
        }
    }

    private void printMarkdown(PrintWriter out) {
        for (int r = 0; r < rows.size(); r++) {
            out.println(rows.get(r).stream()
                    .map(field -> field.replace("|", "\\|"))
                    .collect(Collectors.joining(" | ", "| ", " |")));
            if (r == 0) {
                int numbers = rows.getFirst().size() - leftAligned;
                out.println("|" + " --- |".repeat(leftAligned) + " ---: |".repeat(numbers));
            }
        }
    }

    void print(PrintWriter out) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (int r = 0; r < rows.size(); r++) {
            out.println(line(rows.get(r), widths));
            if (r == 0) {
                out.println("-".repeat(line(rows.getFirst(), widths).length()));
            }
        }
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - row.get(i).length());
            boolean last = i == widths.length - 1;
            line.append(i == 0 ? "" : GAP);
            line.append(i < leftAligned ? row.get(i) + (last ? "" : padding) : padding + row.get(i));
        }
        return line.toString();
    }
}
