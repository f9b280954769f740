package org.bame.harness.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bame.harness.report.plot.XyPlot.Point;
import org.bame.harness.results.RecordedRow;

/**
 * Rows of runs that differ in nothing but the seed.
 *
 * @param workload data set x network x recipe
 * @param method with a variant behind a slash
 * @param pattern or {@code dense}
 * @param rows of any file that has a run's key
 */
record RunGroup(String workload, String method, String pattern, List<RecordedRow> rows) {

    private static final String DENSE = "dense";

    /** Groups rows by workload and then by method and pattern, all in the order in which they first appear. */
    static Map<String, List<RunGroup>> byWorkload(List<RecordedRow> rows) {
        Map<List<String>, RunGroup> groups = new LinkedHashMap<>();
        for (RecordedRow row : rows) {
            List<String> key = row.texts(List.of("workload", "method", "pattern"));
            groups.computeIfAbsent(key, k -> new RunGroup(k.get(0), k.get(1), k.get(2), new ArrayList<>()))
                    .rows()
                    .add(row);
        }
        Map<String, List<RunGroup>> workloads = new LinkedHashMap<>();
        for (RunGroup group : groups.values()) {
            workloads.computeIfAbsent(group.workload(), w -> new ArrayList<>()).add(group);
        }
        return workloads;
    }

    /** As in {@code sr-ste 1:4}; one that is dense needs no pattern. */
    String name() {
        return isDense() ? method : method + " " + pattern;
    }

    /** Whether nothing is sparse. */
    boolean isDense() {
        return pattern.equals(DENSE);
    }

    /** Number of different runs. */
    long runs() {
        return rows.stream().map(row -> row.text("run_id")).distinct().count();
    }

    /** The mean of a column over the rows that have it, times a factor; NaN if none has. */
    double mean(String column, double factor) {
        return rows.stream()
                .mapToDouble(row -> factor * row.number(column))
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(Double.NaN);
    }

    /** The same with its interval, of rows that are one a seed. */
    Measured measured(String column, double factor) {
        return Measured.of(rows.stream().mapToDouble(row -> factor * row.number(column)).toArray());
    }

    /** The mean of a column at each value of another, along it; NaN where it was not measured. */
    List<Point> curve(String along, String column, double factor) {
        Map<Double, RunGroup> parts = new TreeMap<>();
        for (RecordedRow row : rows) {
            parts.computeIfAbsent(row.number(along), x -> new RunGroup(workload, method, pattern, new ArrayList<>()))
                    .rows()
                    .add(row);
        }
        List<Point> points = new ArrayList<>();
        parts.forEach((x, part) -> points.add(new Point(x, part.mean(column, factor))));
        return points;
    }

    /** The rows whose column has the value, as a group. */
    RunGroup where(String column, String value) {
        return new RunGroup(
                workload,
                method,
                pattern,
                rows.stream().filter(row -> row.text(column).equals(value)).toList());
    }
}
