package org.bame.harness.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bame.harness.report.plot.Plot;
import org.bame.harness.report.plot.XyPlot;
import org.bame.harness.report.plot.XyPlot.Point;
import org.bame.harness.report.plot.XyPlot.Role;
import org.bame.harness.results.RecordedRow;

/** How time and memory of a step grow along one factor at a time. */
final class ScaleSection implements Section {

    private static final List<String> TOGETHER = List.of("started_at", "network", "data_set");
    private static final List<String> SIZES = List.of("batch", "width", "threads");
    private static final String DENSITY = "density";
    private static final double MILLIS = 1e-6;
    private static final double MIB = 1.0 / (1 << 20);

    @Override
    public String id() {
        return "scale";
    }

    @Override
    public String title() {
        return "How a step scales";
    }

    @Override
    public String introduction() {
        return "One factor at a time about a base point, each point in a process of its own.";
    }

    @Override
    public List<Block> blocks(ReportData data) {
        List<Block> blocks = new ArrayList<>();
        // Dense points have a method of their own, and another number of threads is another environment.
        Map<List<String>, List<RecordedRow>> studies = data.scale().stream()
                .collect(Collectors.groupingBy(
                        row -> row.texts(TOGETHER), LinkedHashMap::new, Collectors.toList()));
        for (List<RecordedRow> rows : studies.values()) {
            Map<String, String> base = base(rows);
            List<XyPlot> plots = new ArrayList<>();
            for (String size : SIZES) {
                plots.addAll(plots(size, lines(rows, base, size)));
            }
            plots.addAll(plots(DENSITY, Map.of("all densities", at(rows, base, SIZES))));
            if (!plots.isEmpty()) {
                blocks.add(new Block.Heading(rows.getFirst().text("network") + " about " + describe(base)));
                blocks.add(new Block.Figure(
                        List.<Plot>copyOf(plots),
                        "Executed: the kernels skipped the zeros. Medians of "
                                + NumberText.count((long) rows.getFirst().number("steps"), "step") + ", begun "
                                + rows.getFirst().text("started_at") + ". " + Provenance.environments(data, rows),
                        plots.stream().map(Table::of).toList()));
            }
        }
        return blocks;
    }

    /** The point that all lines go through: more points have its sizes than any others, for only there density varies. */
    private static Map<String, String> base(List<RecordedRow> rows) {
        Map<List<String>, Long> counts = rows.stream()
                .collect(Collectors.groupingBy(row -> row.texts(SIZES), LinkedHashMap::new, Collectors.counting()));
        List<String> most = counts.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow()
                .getKey();
        Map<String, String> base = new LinkedHashMap<>();
        for (int i = 0; i < most.size(); i++) {
            base.put(SIZES.get(i), most.get(i));
        }
        return base;
    }

    private static String describe(Map<String, String> base) {
        return "batch " + base.get("batch") + ", width x" + base.get("width") + ", "
                + NumberText.count(Long.parseLong(base.get("threads")), "thread");
    }

    private static List<RecordedRow> at(List<RecordedRow> rows, Map<String, String> base, List<String> fixed) {
        return rows.stream()
                .filter(row -> fixed.stream().allMatch(size -> row.text(size).equals(base.get(size))))
                .toList();
    }

    /** A line for each pattern, with all sizes but one those of the base point. */
    private static Map<String, List<RecordedRow>> lines(
            List<RecordedRow> rows, Map<String, String> base, String along) {
        List<String> fixed = SIZES.stream().filter(size -> !size.equals(along)).toList();
        return at(rows, base, fixed).stream()
                .collect(Collectors.groupingBy(row -> row.text("pattern"), LinkedHashMap::new, Collectors.toList()));
    }

    private static List<XyPlot> plots(String along, Map<String, List<RecordedRow>> lines) {
        Map<String, List<RecordedRow>> drawn = new LinkedHashMap<>(lines);
        drawn.values().removeIf(line -> line.size() < 2);
        return drawn.isEmpty()
                ? List.of()
                : List.of(
                        plot("Time along " + along, along, "ms a step", drawn, "median_nanos", MILLIS),
                        plot("Speed along " + along, along, "images/s", drawn, "images_per_second", 1),
                        plot("Memory along " + along, along, "MiB, peak", drawn, "peak_memory_bytes", MIB));
    }

    private static XyPlot plot(
            String title,
            String along,
            String label,
            Map<String, List<RecordedRow>> lines,
            String column,
            double factor) {
        List<XyPlot.Series> series = new ArrayList<>();
        lines.forEach((pattern, rows) -> series.add(new XyPlot.Series(
                pattern,
                pattern.equals("dense") ? Role.REFERENCE : Role.COMPARED,
                true,
                rows.stream()
                        .sorted(Comparator.comparingDouble(row -> row.number(along)))
                        .map(row -> new Point(row.number(along), factor * row.number(column)))
                        .toList())));
        return new XyPlot(title, along, label, true, series);
    }
}
