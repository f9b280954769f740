package org.bame.harness.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bame.harness.report.plot.BarPlot;
import org.bame.harness.report.plot.BarPlot.Layout;
import org.bame.harness.results.RecordedRow;

/** Which product of which layer ran sparse, and what it took. */
final class LayersSection implements Section {

    private static final List<String> PRODUCTS = List.of("forward", "input_gradient", "weight_gradient");

    @Override
    public String id() {
        return "layers";
    }

    @Override
    public String title() {
        return "Products and layers";
    }

    @Override
    public String introduction() {
        return "How dense each of the three products ran over the whole run, in the layers of which any ran sparse"
                + " (multiply-accumulates counted by the kernels, over those of dense ones); and each layer's seconds in the"
                + " kernels of the three products.";
    }

    @Override
    public List<Block> blocks(ReportData data) {
        List<Block> blocks = new ArrayList<>();
        for (Map.Entry<String, List<RunGroup>> workload : RunGroup.byWorkload(data.layers()).entrySet()) {
            blocks.add(new Block.Heading(workload.getKey()));
            densities(data, workload.getValue()).ifPresent(blocks::add);
            List<Block> figures =
                    workload.getValue().stream().map(group -> seconds(data, group)).toList();
            blocks.add(new Block.Folded("Seconds of each layer: " + NumberText.count(figures.size(), "figure"),
                    figures));
        }
        return blocks;
    }

    /** Bars of the methods whose rows say how dense their products ran; versions before the fourth did not. */
    private static Optional<Block> densities(ReportData data, List<RunGroup> groups) {
        List<RunGroup> known = groups.stream()
                .filter(group -> PRODUCTS.stream().anyMatch(product -> !Double.isNaN(density(group, product))))
                .toList();
        if (known.isEmpty()) {
            return Optional.empty();
        }
        BarPlot plot = new BarPlot(
                "Densities of the products",
                "executed over dense, sparse layers only",
                Layout.GROUPED,
                known.stream().map(RunGroup::name).toList(),
                PRODUCTS.stream()
                        .map(product -> new BarPlot.Series(
                                product.replace('_', ' '),
                                known.stream().map(group -> density(group, product)).toList()))
                        .toList());
        return Optional.of(new Block.Figure(List.of(plot), Provenance.ofMeans(data, known), List.of(Table.of(plot))));
    }

    /** Multiply-accumulates of the sparse layers over those of dense kernels; NaN if it is not known. */
    private static double density(RunGroup group, String product) {
        double executed = 0;
        double dense = 0;
        for (RecordedRow layer : group.rows()) {
            double density = layer.number(product + "_density");
            boolean sparse = PRODUCTS.stream().anyMatch(any -> layer.number(any + "_density") < 1);
            if (sparse && density > 0) {
                executed += layer.number(product + "_macs");
                dense += layer.number(product + "_macs") / density;
            }
        }
        return executed / dense;
    }

    private static Block seconds(ReportData data, RunGroup group) {
        Map<String, RunGroup> layers = new LinkedHashMap<>();
        group.rows().forEach(row -> layers.putIfAbsent(row.text("layer"), group.where("layer", row.text("layer"))));
        BarPlot plot = new BarPlot(
                group.name() + ": seconds of each layer",
                "seconds of the run",
                Layout.STACKED,
                List.copyOf(layers.keySet()),
                PRODUCTS.stream()
                        .map(product -> new BarPlot.Series(
                                product.replace('_', ' '),
                                layers.values().stream()
                                        .map(layer -> layer.mean(product + "_seconds", 1))
                                        .toList()))
                        .toList());
        return new Block.Figure(
                List.of(plot), Provenance.ofMeans(data, List.of(group)), List.of(table(group, layers)));
    }

    private static Table table(RunGroup group, Map<String, RunGroup> layers) {
        List<String> header = new ArrayList<>(List.of("layer", "kind", "shape", "density"));
        for (String product : PRODUCTS) {
            String name = product.replace('_', ' ');
            header.addAll(List.of(name + ", s", "density", "mode"));
        }
        List<List<String>> rows = new ArrayList<>();
        layers.forEach((name, layer) -> {
            RecordedRow first = layer.rows().getFirst();
            List<String> row = new ArrayList<>(List.of(
                    name, first.text("kind"), first.text("shape"), NumberText.of(layer.mean("density", 1))));
            for (String product : PRODUCTS) {
                row.add(NumberText.of(layer.mean(product + "_seconds", 1)));
                row.add(NumberText.of(layer.mean(product + "_density", 1)));
                row.add(layer.rows().stream()
                        .map(one -> one.text(product + "_mode"))
                        .distinct()
                        .collect(Collectors.joining(" or ")));
            }
            rows.add(row);
        });
        return new Table(group.name() + ", layer by layer", 3, header, rows);
    }
}
