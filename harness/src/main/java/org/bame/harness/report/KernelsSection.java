package org.bame.harness.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bame.harness.measure.GeometricMean;
import org.bame.harness.report.plot.BarPlot;
import org.bame.harness.report.plot.BarPlot.Layout;
import org.bame.harness.report.plot.Plot;
import org.bame.harness.results.RecordedRow;

/** How fast the products are, pattern by pattern. */
final class KernelsSection implements Section {

    private static final List<String> PRODUCTS = List.of("forward", "input_gradient", "weight_gradient");
    /** Rows that share these were measured in the same rounds. */
    private static final List<String> TOGETHER = List.of("started_at", "environment_id", "shape_set", "threads");

    @Override
    public String id() {
        return "kernels";
    }

    @Override
    public String title() {
        return "Kernels";
    }

    @Override
    public String introduction() {
        return "Geometric means over the shapes of a set, by the medians. GFLOP/s count nonzeros only: at equal GFLOP/s a"
                + " quarter of the weights takes a quarter of the time. Only ratios within one figure mean much.";
    }

    @Override
    public List<Block> blocks(ReportData data) {
        Map<List<String>, List<RecordedRow>> sets = data.kernels().stream()
                .collect(Collectors.groupingBy(row -> row.texts(TOGETHER), LinkedHashMap::new, Collectors.toList()));
        List<Block> blocks = new ArrayList<>();
        sets.forEach((key, rows) -> {
            RecordedRow any = rows.getFirst();
            long shapes = rows.stream().map(row -> row.text("shape")).distinct().count();
            blocks.add(new Block.Heading(
                    any.text("shape_set") + ": " + NumberText.count(shapes, "shape") + ", "
                            + NumberText.count((long) any.number("threads"), "thread") + ", "
                            + ours(rows)));
            blocks.add(figure(data, rows));
        });
        return blocks;
    }

    /** The provider whose dense kernels the others are compared with. */
    private static String ours(List<RecordedRow> rows) {
        return rows.stream()
                .map(row -> row.text("provider"))
                .filter(provider -> rows.stream().noneMatch(row -> row.text("peer").equals(provider)))
                .findFirst()
                .orElse("");
    }

    private static Block figure(ReportData data, List<RecordedRow> rows) {
        Map<String, List<RecordedRow>> variants = rows.stream()
                .collect(Collectors.groupingBy(
                        row -> row.text("provider") + " " + row.text("pattern"), LinkedHashMap::new, Collectors
                                .toList()));
        List<BarPlot> plots = new ArrayList<>();
        plots.add(plot("Speed", "GFLOP/s of nonzeros", variants, "gflops"));
        plots.add(plot("Speed-up over our own dense kernel", "times", variants, "speedup_vs_dense"));
        String peers = rows.stream()
                .map(row -> row.text("peer"))
                .filter(peer -> !peer.isEmpty())
                .distinct()
                .collect(Collectors.joining(", "));
        if (!peers.isEmpty()) {
            Map<String, List<RecordedRow>> compared = new LinkedHashMap<>(variants);
            compared.values().removeIf(variant -> variant.stream().allMatch(row -> row.text("peer").isEmpty()));
            plots.add(plot("Speed-up over " + peers, "times", compared, "speedup_vs_peer"));
        }
        RecordedRow any = rows.getFirst();
        return new Block.Figure(
                List.<Plot>copyOf(plots),
                "Executed: the kernels skipped every zero. Medians of " + NumberText.count((long) any.number("rounds"),
                        "round") + ", begun " + any.text("started_at") + ". " + Provenance.environments(data, rows),
                plots.stream().map(Table::of).toList());
    }

    private static BarPlot plot(
            String title, String label, Map<String, List<RecordedRow>> variants, String column) {
        return new BarPlot(
                title,
                label,
                Layout.GROUPED,
                List.copyOf(variants.keySet()),
                PRODUCTS.stream()
                        .map(product -> new BarPlot.Series(
                                product.replace('_', ' '),
                                variants.values().stream()
                                        .map(variant -> mean(variant, product, column))
                                        .toList()))
                        .toList());
    }

    private static double mean(List<RecordedRow> rows, String product, String column) {
        GeometricMean mean = new GeometricMean();
        rows.stream()
                .filter(row -> row.text("product").equals(product))
                .mapToDouble(row -> row.number(column))
                .filter(value -> value > 0)
                .forEach(mean::add);
        return mean.value();
    }
}
