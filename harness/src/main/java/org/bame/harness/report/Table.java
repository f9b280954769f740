package org.bame.harness.report;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.bame.harness.report.plot.BarPlot;
import org.bame.harness.report.plot.XyPlot;

/**
 * Numbers with their names.
 *
 * @param caption what they are
 * @param names columns at the left that are names; all others are numbers
 * @param header of the columns
 * @param rows as long as the header
 */
record Table(String caption, int names, List<String> header, List<List<String>> rows) {

    /** Refuses rows that the header does not explain. */
    Table {
        for (List<String> row : rows) {
            if (row.size() != header.size()) {
                throw new IllegalArgumentException("Got a row of " + row.size() + " fields in a table of "
                        + header.size() + ": " + caption);
            }
        }
    }

    /** The numbers behind bars. */
    static Table of(BarPlot plot) {
        List<String> header = new ArrayList<>(List.of(""));
        plot.series().forEach(one -> header.add(one.name()));
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < plot.categories().size(); i++) {
            List<String> row = new ArrayList<>(List.of(plot.categories().get(i)));
            for (BarPlot.Series one : plot.series()) {
                row.add(NumberText.of(one.values().get(i)));
            }
            rows.add(row);
        }
        return new Table(plot.title() + ": " + plot.valueLabel(), 1, header, rows);
    }

    /** The numbers behind lines: a row for each x, a column for each line. */
    static Table of(XyPlot plot) {
        List<String> header = new ArrayList<>(List.of(plot.xLabel()));
        plot.series().forEach(one -> header.add(one.name()));
        TreeSet<Double> positions = new TreeSet<>();
        plot.series().forEach(one -> one.points().forEach(point -> positions.add(point.x())));
        List<List<String>> rows = new ArrayList<>();
        for (double x : positions) {
            List<String> row = new ArrayList<>(List.of(NumberText.of(x)));
            for (XyPlot.Series one : plot.series()) {
                row.add(NumberText.of(one.points().stream()
                        .filter(point -> point.x() == x)
                        .mapToDouble(XyPlot.Point::y)
                        .findFirst()
                        .orElse(Double.NaN)));
            }
            rows.add(row);
        }
        return new Table(plot.title() + ": " + plot.yLabel(), 1, header, rows);
    }
}
