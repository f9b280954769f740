package org.bame.harness.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bame.harness.flops.PublishedCost;
import org.bame.harness.flops.PublishedCosts;
import org.bame.harness.report.plot.BarPlot;
import org.bame.harness.report.plot.BarPlot.Layout;
import org.bame.harness.report.plot.XyPlot;
import org.bame.harness.report.plot.XyPlot.Point;
import org.bame.harness.report.plot.XyPlot.Role;
import org.bame.harness.results.RecordedFile;
import org.bame.harness.results.RecordedRow;

/** What papers publish, with what this suite counted and measured beside it. */
final class PublishedSection implements Section {

    private static final List<String> REQUIRED = List.of(
            "source", "network", "data_set", "pattern", "method", "top1_percent", "train_flops_over_dense");
    private static final List<String> HEADER = List.of(
            "method",
            "pattern",
            "variant",
            "source",
            "status",
            "epochs",
            "length over dense",
            "published top-1, %",
            "training cost over dense",
            "ours, top-1 %");
    private static final double PERCENT = 100;
    private static final String DENSE = "dense";

    private final Path file;
    private final CountedCosts counted;

    /**
     * @param file with the columns of {@code results/reference.csv}
     * @param counted what this suite counts
     */
    PublishedSection(Path file, CountedCosts counted) {
        this.file = file;
        this.counted = counted;
    }

    @Override
    public String id() {
        return "published";
    }

    @Override
    public String title() {
        return "Published figures beside ours";
    }

    @Override
    public String introduction() {
        return "From results/reference.csv, as the sources state them or as they follow from what is stated. Ours stands beside"
                + " a figure only for the same network, data set, method and pattern; recipes differ all the same.";
    }

    @Override
    public List<Block> blocks(ReportData data) {
        if (data.finishedRuns().isEmpty()) {
            return List.of();
        }
        List<Block> blocks = new ArrayList<>();
        costs(blocks);
        Map<String, List<RecordedRow>> published = RecordedFile.read(file, REQUIRED).stream()
                .filter(row -> !row.text("top1_percent").isEmpty())
                .collect(Collectors.groupingBy(
                        row -> row.text("network") + " on " + row.text("data_set"), LinkedHashMap::new, Collectors
                                .toList()));
        published.forEach((what, rows) -> {
            List<RunGroup> ours = ours(data, rows.getFirst());
            List<Block> shown = new ArrayList<>();
            XyPlot plot = accuracy(what, rows, ours);
            if (!plot.series().isEmpty()) {
                shown.add(new Block.Figure(
                        List.of(plot),
                        "Published, of trainings up to the lengths in the table" + (ours.isEmpty()
                                ? "; none of the runs shown here is of this network and data set."
                                : ", and ours: " + Provenance.ofRuns(data, ours)),
                        List.of()));
            }
            shown.add(new Block.Numbers(table(what, rows, ours)));
            blocks.add(new Block.Folded(what + ": " + NumberText.count(rows.size(), "published figure") + ", "
                    + NumberText.count(ours.size(), "method") + " of ours", shown));
        });
        return blocks;
    }

    /** Training costs that our arithmetic can be held against. */
    private void costs(List<Block> blocks) {
        Map<PublishedCost, Double> compared = new LinkedHashMap<>();
        PublishedCosts.read(file).all().stream()
                .filter(cost -> !cost.method().equals(DENSE))
                .forEach(cost -> counted.paperRatio(cost).ifPresent(ratio -> compared.put(cost, ratio)));
        if (compared.isEmpty()) {
            return;
        }
        BarPlot plot = new BarPlot(
                "Training cost over dense, account paper",
                "ratio, for equal length",
                Layout.GROUPED,
                compared.keySet().stream()
                        .map(cost -> cost.method() + " " + cost.pattern() + " (" + cost.source() + ")")
                        .toList(),
                List.of(
                        new BarPlot.Series(
                                "published",
                                compared.keySet().stream().map(PublishedCost::trainRatio).toList()),
                        new BarPlot.Series("counted by this suite", List.copyOf(compared.values()))));
        blocks.add(new Block.Heading("Training costs"));
        blocks.add(new Block.Figure(
                List.of(plot),
                "Arithmetic, neither executed nor simulated: the same on every machine and for every seed. Networks: "
                        + compared.keySet().stream()
                                .map(cost -> cost.network() + " on " + cost.dataSet())
                                .distinct()
                                .collect(Collectors.joining(", "))
                        + ".",
                List.of(Table.of(plot))));
        blocks.add(new Block.Heading("Accuracy"));
    }

    /** Our finished runs of a row's network and data set. */
    private static List<RunGroup> ours(ReportData data, RecordedRow published) {
        List<String> columns = List.of("network", "data_set");
        List<RecordedRow> rows = data.finishedRuns().stream()
                .filter(run -> run.texts(columns).equals(published.texts(columns)))
                .toList();
        return RunGroup.byWorkload(rows).values().stream().flatMap(List::stream).toList();
    }

    private static XyPlot accuracy(String what, List<RecordedRow> published, List<RunGroup> ours) {
        Map<String, List<Point>> lines = new LinkedHashMap<>();
        for (RecordedRow row : published) {
            double cost = row.number("train_flops_over_dense");
            if (!Double.isNaN(cost)) {
                lines.computeIfAbsent(row.text("method") + " (" + row.text("source") + ")", name -> new ArrayList<>())
                        .add(new Point(cost, row.number("top1_percent")));
            }
        }
        List<XyPlot.Series> series = new ArrayList<>();
        lines.forEach((name, points) -> series.add(new XyPlot.Series(name, Role.COMPARED, false, points)));
        if (!ours.isEmpty()) {
            series.add(new XyPlot.Series("this suite", Role.REFERENCE, false, ours.stream()
                    .map(group -> {
                        Measured top1 = group.measured("final_top1", PERCENT);
                        return new Point(
                                group.mean("train_ratio_paper", 1), top1.mean(), group.name(), top1.interval());
                    })
                    .toList()));
        }
        return new XyPlot(what, "training cost over dense", "top-1, %", false, series);
    }

    private static Table table(String what, List<RecordedRow> published, List<RunGroup> ours) {
        List<List<String>> rows = new ArrayList<>();
        for (RecordedRow row : published) {
            rows.add(List.of(
                    row.text("method"),
                    row.text("pattern"),
                    row.text("variant"),
                    row.text("source"),
                    row.text("status"),
                    row.text("epochs"),
                    row.text("train_length_over_dense"),
                    row.text("top1_percent"),
                    row.text("train_flops_over_dense"),
                    ours.stream()
                            .filter(group -> group.method().equals(row.text("method")))
                            .filter(group -> group.pattern().equals(row.text("pattern")))
                            .map(group -> group.measured("final_top1", PERCENT).text(2) + " (" + group.workload() + ")")
                            .collect(Collectors.joining("; "))));
        }
        return new Table("Published for " + what, 5, HEADER, rows);
    }
}
