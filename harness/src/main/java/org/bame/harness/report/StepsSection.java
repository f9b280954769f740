package org.bame.harness.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bame.harness.report.plot.BarPlot;
import org.bame.harness.report.plot.BarPlot.Layout;
import org.bame.harness.results.RecordedRow;

/** Where the milliseconds of a training step go. */
final class StepsSection implements Section {

    private static final List<String> TOGETHER =
            List.of("started_at", "environment_id", "network", "batch", "threads");
    private static final List<String> CLOCKS = List.of(
            "forward",
            "input_gradient",
            "weight_gradient",
            "element_wise",
            "mask_work",
            "optimizer",
            "framework");
    private static final List<String> HEADER = List.of(
            "step",
            "provider",
            "mean ms",
            "median",
            "p10",
            "p90",
            "images/s",
            "over dense",
            "over peer",
            "memory, MiB");
    private static final double MILLIS = 1e-6;
    private static final double MIB = 1.0 / (1 << 20);
    private static final String STEADY = "steady";
    /** A library that takes so many times as long as the slowest of ours would make all other bars invisible. */
    private static final double LONGEST = 4;

    @Override
    public String id() {
        return "steps";
    }

    @Override
    public String title() {
        return "Where the milliseconds of a step go";
    }

    @Override
    public String introduction() {
        return "Means of whole training steps, mask updates included, in each phase of each method. Other libraries do not"
                + " tell how they spend a step.";
    }

    @Override
    public List<Block> blocks(ReportData data) {
        Map<List<String>, List<RecordedRow>> benchmarks = data.steps().stream()
                .collect(Collectors.groupingBy(row -> row.texts(TOGETHER), LinkedHashMap::new, Collectors.toList()));
        List<Block> blocks = new ArrayList<>();
        for (List<RecordedRow> rows : benchmarks.values()) {
            RecordedRow any = rows.getFirst();
            blocks.add(new Block.Heading(any.text("network") + ", batch " + any.text("batch") + ", "
                    + NumberText.count((long) any.number("threads"), "thread")));
            blocks.add(figure(data, rows));
        }
        return blocks;
    }

    private static Block figure(ReportData data, List<RecordedRow> rows) {
        double slowest = rows.stream()
                .filter(StepsSection::isSplit)
                .mapToDouble(row -> row.number("mean_nanos"))
                .max()
                .orElse(Double.POSITIVE_INFINITY);
        List<RecordedRow> drawn = rows.stream()
                .filter(row -> row.number("mean_nanos") <= LONGEST * slowest)
                .toList();
        List<BarPlot.Series> parts = new ArrayList<>();
        for (String clock : CLOCKS) {
            parts.add(new BarPlot.Series(clock.replace('_', ' '), drawn.stream()
                    .map(row -> MILLIS * row.number(clock + "_nanos"))
                    .toList()));
        }
        parts.add(new BarPlot.Series("not split", drawn.stream()
                .map(row -> isSplit(row) ? Double.NaN : MILLIS * row.number("mean_nanos"))
                .toList()));
        BarPlot plot = new BarPlot(
                "A training step",
                "ms, mean",
                Layout.STACKED,
                drawn.stream().map(StepsSection::name).toList(),
                parts);
        String undrawn = rows.stream()
                .filter(row -> !drawn.contains(row))
                .map(row -> row.text("provider") + " took " + NumberText.of(MILLIS * row.number("mean_nanos")) + " ms")
                .collect(Collectors.joining(", ", " Too long to be drawn: ", "."));
        RecordedRow any = rows.getFirst();
        return new Block.Figure(
                List.of(plot),
                "Executed: the kernels skipped the zeros, but simulated where a method samples dY, whose weight gradient runs"
                        + " dense" + policy(data, rows) + ". "
                        + NumberText.count((long) any.number("steps"), "step") + ", begun " + any.text("started_at")
                        + ". "
                        + Provenance.environments(data, rows) + (drawn.size() < rows.size() ? undrawn : ""),
                List.of(Table.of(plot), table(rows)));
    }

    /** Under the policy auto, any product may be simulated. */
    private static String policy(ReportData data, List<RecordedRow> rows) {
        boolean auto = data.environments().stream()
                .filter(row -> row.text("environment_id").equals(rows.getFirst().text("environment_id")))
                .anyMatch(row -> row.text("provider").contains("kernel policy auto"));
        return auto ? ", and wherever masked dense arithmetic was faster (kernel policy auto)" : "";
    }

    private static boolean isSplit(RecordedRow row) {
        return !Double.isNaN(row.number("forward_nanos"));
    }

    private static String name(RecordedRow row) {
        List<String> parts = new ArrayList<>();
        if (!isSplit(row)) {
            parts.add(row.text("provider"));
        }
        parts.add(row.text("method"));
        if (!row.text("pattern").equals(row.text("method"))) {
            parts.add(row.text("pattern"));
        }
        if (!row.text("phase").equals(STEADY)) {
            parts.add(row.text("phase"));
        }
        return String.join(" ", parts);
    }

    private static Table table(List<RecordedRow> rows) {
        return new Table("Steps: spread, speed and memory", 2, HEADER, rows.stream()
                .map(row -> List.of(
                        name(row),
                        row.text("provider"),
                        NumberText.of(MILLIS * row.number("mean_nanos")),
                        NumberText.of(MILLIS * row.number("median_nanos")),
                        NumberText.of(MILLIS * row.number("p10_nanos")),
                        NumberText.of(MILLIS * row.number("p90_nanos")),
                        NumberText.fixed(row.number("images_per_second"), 0),
                        NumberText.times(row.number("speedup_vs_dense")),
                        NumberText.times(row.number("speedup_vs_peer")),
                        NumberText.fixed(MIB * row.number("peak_memory_bytes"), 0)))
                .toList());
    }
}
