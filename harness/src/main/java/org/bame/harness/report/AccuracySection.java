package org.bame.harness.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bame.flops.Account;
import org.bame.harness.report.plot.Plot;
import org.bame.harness.report.plot.XyPlot;
import org.bame.harness.report.plot.XyPlot.Point;

/** Accuracy against what training cost: floating-point operations in the three accounts, or seconds. */
final class AccuracySection implements Section {

    private static final double PERCENT = 100;
    private static final String TOP1 = "top-1, %";

    private final Cost cost;

    AccuracySection(Cost cost) {
        this.cost = cost;
    }

    /** What accuracy is set against. */
    enum Cost {
        /** Floating-point operations over the dense network's. */
        FLOPS,
        /** Training time. */
        SECONDS
    }

    @Override
    public String id() {
        return switch (cost) {
            case FLOPS -> "accuracy-flops";
            case SECONDS -> "accuracy-seconds";
        };
    }

    @Override
    public String title() {
        return switch (cost) {
            case FLOPS -> "Accuracy against FLOPs";
            case SECONDS -> "Accuracy against seconds";
        };
    }

    @Override
    public String introduction() {
        return switch (cost) {
            case FLOPS ->
                "Better is up and to the left. The account decides how far to the left: paper counts as the papers"
                        + " do, cpu_executed is what the kernels counted as they skipped zeros, and nm_hardware is what N:M tensor"
                        + " cores could skip.";
            case SECONDS ->
                "Better is up and to the left. Seconds compare only within one environment, on a machine that did"
                        + " nothing else.";
        };
    }

    @Override
    public List<Block> blocks(ReportData data) {
        List<Block> blocks = new ArrayList<>();
        RunGroup.byWorkload(data.finishedRuns()).forEach((workload, groups) -> {
            blocks.add(new Block.Heading(workload));
            for (MethodPanels panels : MethodPanels.of(groups)) {
                blocks.add(figure(data, panels));
            }
        });
        return blocks;
    }

    private Block figure(ReportData data, MethodPanels panels) {
        String faint = panels.others().isEmpty() ? "" : " Faint points: the methods of the other figures.";
        String counted = cost == Cost.FLOPS ? " paper and nm_hardware are arithmetic, cpu_executed was counted." : "";
        return new Block.Figure(
                plots(panels),
                "Top-1 at the end of training. " + Provenance.ofRuns(data, panels.shown()) + counted + faint,
                List.of(table(panels)));
    }

    private List<Plot> plots(MethodPanels panels) {
        return switch (cost) {
            case FLOPS -> Arrays.stream(Account.values())
                    .<Plot>map(account -> plot(
                            panels,
                            "Account " + account.columnName(),
                            "training cost over dense",
                            column(account)))
                    .toList();
            case SECONDS -> List.of(plot(panels, "Training time", "training seconds", "train_seconds"));
        };
    }

    private static String column(Account account) {
        return "train_ratio_" + account.columnName();
    }

    private static XyPlot plot(MethodPanels panels, String title, String xLabel, String column) {
        return new XyPlot(title, xLabel, TOP1, false, panels.points(group -> {
            Measured top1 = group.measured("final_top1", PERCENT);
            return new Point(group.measured(column, 1).mean(), top1.mean(), "", top1.interval());
        }));
    }

    private Table table(MethodPanels panels) {
        List<String> header = new ArrayList<>(List.of("method", "pattern", "seeds", TOP1));
        List<String> columns =
                cost == Cost.FLOPS ? Arrays.stream(Account.values()).map(AccuracySection::column).toList()
                        : List.of("train_seconds");
        header.addAll(columns);
        return new Table("Top-1 and training cost", 2, header, panels.shown().stream()
                .map(group -> {
                    List<String> row = new ArrayList<>(List.of(
                            group.method(),
                            group.pattern(),
                            String.valueOf(group.runs()),
                            group.measured("final_top1", PERCENT).text(2)));
                    columns.forEach(column -> row.add(NumberText.of(group.measured(column, 1).mean())));
                    return row;
                })
                .toList());
    }
}
