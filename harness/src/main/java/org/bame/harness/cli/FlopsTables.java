package org.bame.harness.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.bame.flops.Account;
import org.bame.flops.CostVector;
import org.bame.flops.FlopsAccount;
import org.bame.flops.LayerSparsity;
import org.bame.flops.TrainingCost;
import org.bame.flops.WeightedLayer;
import org.bame.harness.flops.CostQuestion;
import org.bame.harness.flops.DataSetShape;
import org.bame.harness.flops.MethodCost;
import org.bame.sparsity.NmPattern;
import org.bame.sparsity.Sparsifiability;
import org.bame.sparsity.SparsityPattern;

/** Shows what was counted. */
final class FlopsTables {

    private static final double GIGA = 1e9;
    private static final double MEGA = 1e6;

    private FlopsTables() {}

    static void printHeader(CostQuestion question, PrintWriter out) {
        DataSetShape data = question.dataSet();
        FlopsAccount account = question.account(NmPattern.DENSE);
        out.printf(
                Locale.ROOT,
                "%s on %s (%s, %,d classes): %s GMACs a dense forward pass, %,d parameters%n",
                question.network().name(),
                data.name(),
                data.image(),
                data.classes(),
                Text.fixed(account.forwardMacsPerSample() / GIGA, 4),
                question.network().parameters(data.image(), data.classes()));
        out.printf(
                Locale.ROOT,
                "%d epochs of %,d images in batches of %d: %,d steps%n",
                question.epochs(),
                data.trainImages(),
                question.batch(),
                question.totalSteps());
    }

    /**
     * Every method at one pattern.
     *
     * @param referenceName name of the method that the others are compared with
     * @param reference its cost, if it is there
     * @param published what papers say of each method, if anything
     */
    static void printPattern(
            CostQuestion question,
            SparsityPattern pattern,
            List<MethodCost> costs,
            String referenceName,
            Optional<TrainingCost> reference,
            Function<MethodCost, String> published,
            PrintWriter out) {
        FlopsAccount account = question.account(pattern);
        out.printf(
                Locale.ROOT,
                "pattern %s: %s of the multiply-accumulates are in sparse layers%n",
                pattern,
                Text.percent((double) account.sparsifiedMacsPerSample() / account.forwardMacsPerSample()));
        TextTable table = new TextTable(
                1,
                List.of(
                        "method",
                        "train paper",
                        "train cpu_executed",
                        "train nm_hardware",
                        "test",
                        "test GMACs",
                        referenceName + " over: paper",
                        "cpu_executed",
                        "nm_hardware",
                        "published"));
        for (MethodCost cost : costs) {
            List<String> row = new ArrayList<>(List.of(cost.method()));
            for (Account each : Account.values()) {
                row.add(Text.fixed(cost.cost().train(each), 4));
            }
            row.add(Text.fixed(cost.cost().test(), 4));
            row.add(Text.fixed(cost.forwardMacs() / GIGA, 4));
            for (Account each : Account.values()) {
                row.add(Text.times(reference
                        .map(cheap -> cheap.train(each) / cost.cost().train(each))
                        .orElse(Double.NaN)));
            }
            String figures = published.apply(cost);
            row.add(figures.isEmpty() ? "-" : figures);
            table.add(row);
        }
        table.print(out);
    }

    /** How dense each product of the sparse layers is: in a whole run, and in its parts if their steps do not cost alike. */
    static void printProducts(List<MethodCost> costs, PrintWriter out) {
        out.println("density of (forward, input gradient, weight gradient) in the sparse layers");
        List<String> header = new ArrayList<>(List.of("method", "phase"));
        for (Account account : Account.values()) {
            header.add(account.columnName());
        }
        TextTable table = new TextTable(2, header);
        for (MethodCost cost : costs) {
            List<String> row = new ArrayList<>(List.of(cost.method(), cost.phase()));
            for (Account account : Account.values()) {
                CostVector products = cost.products().get(account);
                row.add("(" + density(products.forward()) + ", " + density(products.inputGradient()) + ", "
                        + density(products.weightGradient()) + ")");
            }
            table.add(row);
        }
        table.print(out);
    }

    /** A dense product stands out as 1. */
    private static String density(double share) {
        return share == 1 ? "1" : Text.fixed(share, 4);
    }

    /** Whether each layer is made sparse, and why (not). */
    static void printLayers(CostQuestion question, SparsityPattern pattern, PrintWriter out) {
        DataSetShape data = question.dataSet();
        double total = question.account(pattern).forwardMacsPerSample();
        TextTable table = new TextTable(4, List.of("layer", "kind", "shape", "sparse", "MMACs", "share"));
        for (LayerSparsity sparsity : LayerSparsity.of(
                question.network().weightedLayers(data.image(), data.classes()), pattern)) {
            WeightedLayer layer = sparsity.layer();
            Sparsifiability verdict = sparsity.verdict();
            table.add(List.of(
                    layer.name(),
                    layer.kind().columnName(),
                    layer.weights().toString(),
                    (verdict.sparse() ? "yes: " : "no: ") + verdict.reason(),
                    Text.fixed(layer.macsPerSample() / MEGA, 2),
                    Text.percent(layer.macsPerSample() / total)));
        }
        table.print(out);
    }
}
