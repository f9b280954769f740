package org.bame.harness.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bame.harness.results.RecordedRow;
import org.bame.harness.results.RunStatus;

/** Every method's accuracy and cost in one table. */
final class RunsSection implements Section {

    private static final List<String> HEADER = List.of(
            "method",
            "pattern",
            "finished",
            "top-1, %",
            "best, %",
            "last loss",
            "density",
            "cost: paper",
            "cpu_executed",
            "nm_hardware",
            "deployed",
            "seconds",
            "images/s");
    private static final double PERCENT = 100;

    @Override
    public String id() {
        return "runs";
    }

    @Override
    public String title() {
        return "Runs";
    }

    @Override
    public String introduction() {
        return "Means over the finished runs of each method, with 95 % intervals in brackets where there are two seeds or"
                + " more. Costs are over the dense network's training, in three accounts; deployed is the trained network's"
                + " forward product.";
    }

    @Override
    public List<Block> blocks(ReportData data) {
        List<Block> blocks = new ArrayList<>();
        RunGroup.byWorkload(data.runs()).forEach((workload, groups) -> {
            blocks.add(new Block.Heading(workload));
            blocks.add(new Block.Numbers(new Table(
                    "Runs of " + workload + ". " + Provenance.ofRuns(data, groups),
                    2,
                    HEADER,
                    groups.stream().map(RunsSection::row).toList())));
        });
        return blocks;
    }

    private static List<String> row(RunGroup group) {
        RunGroup finished = group.where("status", RunStatus.FINISHED.columnValue());
        return List.of(
                group.method(),
                group.pattern(),
                counts(group),
                finished.measured("final_top1", PERCENT).text(1),
                finished.measured("best_top1", PERCENT).text(1),
                finished.measured("final_loss", 1).text(3),
                NumberText.of(finished.measured("density_final", 1).mean()),
                cost(finished, "train_ratio_paper"),
                cost(finished, "train_ratio_cpu_executed"),
                cost(finished, "train_ratio_nm_hardware"),
                cost(finished, "test_ratio"),
                finished.measured("train_seconds", 1).text(1),
                NumberText.fixed(finished.measured("images_per_second", 1).mean(), 0));
    }

    private static String cost(RunGroup group, String column) {
        return NumberText.fixed(group.measured(column, 1).mean(), 3);
    }

    /** {@code 3}, or {@code 2, diverged 1}. */
    private static String counts(RunGroup group) {
        Map<String, Long> counts = group.rows().stream()
                .collect(Collectors.groupingBy(
                        (RecordedRow row) -> row.text("status"), TreeMap::new, Collectors.counting()));
        Long finished = counts.remove(RunStatus.FINISHED.columnValue());
        StringBuilder text = new StringBuilder(finished == null ? "0" : finished.toString());
        counts.forEach((status, count) -> text.append(", ").append(status).append(' ').append(count));
        return text.toString();
    }
}
