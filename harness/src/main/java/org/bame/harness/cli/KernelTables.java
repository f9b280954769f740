package org.bame.harness.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bame.harness.measure.KernelMeasurement;
import org.bame.harness.measure.KernelShape;
import org.bame.harness.measure.KernelSummary;
import org.bame.harness.measure.KernelSummary.Means;
import org.bame.kernel.Product;
import org.bame.sparsity.SparsityPattern;

/** Shows what a kernel benchmark found. */
final class KernelTables {

    private static final double NANOS_PER_MICRO = 1e3;
    private static final double NANOS_PER_MILLI = 1e6;

    private KernelTables() {}

    /** Every variant of one shape. */
    static void printShape(List<KernelMeasurement> measured, PrintWriter out) {
        out.println();
        KernelShape shape = measured.getFirst().shape();
        out.println(shape.name() + (shape.layers() > 1 ? ", " + shape.layers() + " layers" : ""));
        boolean compared = measured.stream().anyMatch(one -> one.peer().isPresent());
        List<String> header = new ArrayList<>(List.of(
                "product", "provider", "pattern", "threads", "median us", "p10 us", "p90 us", "GFLOP/s", "over dense"));
        if (compared) {
            header.addAll(List.of("over peer", "peer"));
        }
        header.add("deviation");
        TextTable table = new TextTable(3, header);
        for (KernelMeasurement one : measured) {
            List<String> row = new ArrayList<>(List.of(
                    one.productName(),
                    one.provider(),
                    one.patternName(),
                    String.valueOf(one.threads()),
                    micros(one.spread().medianNanos()),
                    micros(one.spread().p10Nanos()),
                    micros(one.spread().p90Nanos()),
                    Text.fixed(one.gflops(), 1),
                    Text.times(one.speedupVsDense())));
            if (compared) {
                row.addAll(List.of(Text.times(one.speedupVsPeer()), one.peer().orElse("")));
            }
            row.add(String.format(Locale.ROOT, "%.0e", one.deviation()));
            table.add(row);
        }
        table.print(out);
    }

    /** Means over all shapes, and sums over all layers. */
    static void printSummary(List<KernelMeasurement> all, int rounds, PrintWriter out) {
        out.println();
        out.println("Geometric means over the shapes: executed, medians of " + rounds
                + " rounds, x over our own dense kernel; GFLOP/s of nonzeros. 'Layers' is the sum, each shape as often as"
                + " layers have it");
        boolean compared = all.stream().anyMatch(one -> one.peer().isPresent());
        List<String> header =
                new ArrayList<>(List.of("provider", "pattern", "threads", "shapes", "three products", "GFLOP/s"));
        if (compared) {
            header.add("over fastest peer");
        }
        for (String product : List.of("forward", "input gradient", "weight gradient")) {
            header.add(product);
            header.add("GFLOP/s");
        }
        header.addAll(List.of("layers ms", "over dense"));
        TextTable table = new TextTable(2, header);
        for (KernelSummary summary : KernelSummary.of(all)) {
            List<String> row = new ArrayList<>(List.of(
                    summary.provider(),
                    summary.pattern().map(SparsityPattern::toString).orElse("dense"),
                    String.valueOf(summary.threads()),
                    String.valueOf(summary.shapes())));
            add(row, summary.together());
            if (compared) {
                row.add(Text.times(summary.together().speedupVsPeer()));
            }
            for (Product product : Product.values()) {
                add(row, summary.products().get(product));
            }
            row.add(Text.fixed(summary.network().nanos() / NANOS_PER_MILLI, 2));
            row.add(Text.times(summary.network().speedupVsDense()));
            table.add(row);
        }
        table.print(out);
    }

    private static void add(List<String> row, Means means) {
        row.add(Text.times(means.speedupVsDense()));
        row.add(Text.fixed(means.gflops(), 1));
    }

    private static String micros(double nanos) {
        return Text.fixed(nanos / NANOS_PER_MICRO, 1);
    }
}
