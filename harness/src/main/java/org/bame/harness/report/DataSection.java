package org.bame.harness.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bame.harness.report.plot.BarPlot;
import org.bame.harness.report.plot.BarPlot.Layout;
import org.bame.harness.results.RecordedRow;

/** How fast batches of images are made. */
final class DataSection implements Section {

    private static final double MICROS = 1e-3;
    private static final List<String> HEADER = List.of(
            "augmentation", "threads", "images/s", "µs an image, median", "p10", "p90", "batch", "images", "rounds");

    @Override
    public String id() {
        return "data";
    }

    @Override
    public String title() {
        return "How fast data come";
    }

    @Override
    public String introduction() {
        return "Images a second that decoding, scaling and augmentation make.";
    }

    @Override
    public List<Block> blocks(ReportData data) {
        Map<List<String>, List<RecordedRow>> sets = data.data().stream()
                .collect(Collectors.groupingBy(
                        row -> row.texts(List.of("data_set", "image_size")), LinkedHashMap::new, Collectors.toList()));
        List<Block> blocks = new ArrayList<>();
        sets.forEach((key, rows) -> {
            BarPlot plot = new BarPlot(
                    key.getFirst() + ", " + key.getLast() + "x" + key.getLast(),
                    "images/s, by the median",
                    Layout.GROUPED,
                    rows.stream().map(DataSection::name).distinct().toList(),
                    List.of(new BarPlot.Series(
                            "images/s",
                            rows.stream().map(row -> row.number("images_per_second")).toList())));
            blocks.add(new Block.Figure(
                    List.of(plot),
                    "Medians of " + NumberText.count((long) rows.getFirst().number("rounds"), "round") + ", executed. "
                            + Provenance.environments(data, rows),
                    List.of(new Table(plot.title(), 1, HEADER, rows.stream().map(DataSection::row).toList()))));
        });
        return blocks;
    }

    private static String name(RecordedRow row) {
        return row.text("augmentation") + ", " + NumberText.count((long) row.number("threads"), "thread");
    }

    private static List<String> row(RecordedRow row) {
        return List.of(
                row.text("augmentation"),
                row.text("threads"),
                NumberText.of(row.number("images_per_second")),
                NumberText.of(MICROS * row.number("median_nanos")),
                NumberText.of(MICROS * row.number("p10_nanos")),
                NumberText.of(MICROS * row.number("p90_nanos")),
                row.text("batch"),
                row.text("images"),
                row.text("rounds"));
    }
}
