package org.bame.harness.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bame.harness.statistics.Bootstrap;
import org.bame.harness.statistics.Interval;
import org.bame.harness.statistics.Summary;
import org.bame.harness.sweep.RunSpec;

/** Means over the seeds of finished runs, with their standard deviation. */
final class SeedTable {

    private static final double HUNDRED = 100;

    private SeedTable() {}

    /**
     * Prints a line for each method and pattern; nothing if all were trained with one seed.
     *
     * @param finished runs of one workload and their rows of {@code runs.csv}
     */
    static void print(Map<RunSpec, Map<String, String>> finished, TableStyle style, PrintWriter out) {
        Map<List<String>, List<Map<String, String>>> groups = new LinkedHashMap<>();
        finished.forEach((run, row) -> groups.computeIfAbsent(
                List.of(run.method().label(), run.patternColumn()), key -> new ArrayList<>()).add(row));
        if (groups.values().stream().allMatch(rows -> rows.size() < 2)) {
            return;
        }
        TextTable table = new TextTable(
                2, List.of("method", "pattern", "seeds", "top-1", "95 % interval", "last epoch", "images/s"));
        groups.forEach((key, rows) -> table.add(List.of(
                key.get(0),
                key.get(1),
                String.valueOf(rows.size()),
                spread(rows, "final_top1", HUNDRED, 1),
                interval(rows),
                spread(rows, "final_loss", 1, 3),
                spread(rows, "images_per_second", 1, 0))));
        out.println();
        out.println("Mean and standard deviation over the seeds; the interval is the mean's (bootstrap)");
        out.println();
        table.print(out, style);
    }

    private static String spread(List<Map<String, String>> rows, String column, double factor, int digits) {
        Summary summary = Summary.of(values(rows, column, factor));
        String mean = Text.fixed(summary.mean(), digits);
        return summary.count() < 2 ? mean : mean + " ± " + Text.fixed(summary.standardDeviation(), digits);
    }

    private static String interval(List<Map<String, String>> rows) {
        if (rows.size() < 2) {
            return "-";
        }
        Interval interval = Bootstrap.STANDARD.ofMean(values(rows, "final_top1", HUNDRED));
        return Text.fixed(interval.low(), 1) + " .. " + Text.fixed(interval.high(), 1);
    }

    private static double[] values(List<Map<String, String>> rows, String column, double factor) {
        return rows.stream().mapToDouble(row -> factor * ResultTable.number(row, column)).toArray();
    }
}
