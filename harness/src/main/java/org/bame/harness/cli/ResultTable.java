package org.bame.harness.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bame.harness.results.ResultsException;
import org.bame.harness.results.ResultsFolder;
import org.bame.harness.results.RunStatus;
import org.bame.harness.sweep.RunSpec;
import org.bame.harness.sweep.Sweep;

/** The table at a sweep's end: what {@code runs.csv} says of its runs, those of earlier processes included. */
final class ResultTable {

    private static final String DENSE = "dense";
    private static final List<String> HEADER = List.of(
            "method",
            "pattern",
            "seed",
            "top-1",
            "best",
            "loss: first 50 steps",
            "last epoch",
            "FLOPs/dense: paper",
            "cpu_executed",
            "nm_hardware",
            "train time",
            "images/s",
            "speed-up");

    private ResultTable() {}

    static void print(Sweep sweep, ResultsFolder folder, TableStyle style, PrintWriter out) {
        Map<String, Map<String, String>> rows = new HashMap<>();
        folder.runs().forEachRow(row -> rows.put(row.get("run_id"), row));
        boolean allCompared = true;
        List<String> workloads = sweep.runs().stream()
                .map(run -> run.workload().name())
                .distinct()
                .toList();
        for (String workload : workloads) {
            List<RunSpec> runs = sweep.runs().stream()
                    .filter(run -> run.workload().name().equals(workload))
                    .toList();
            out.println();
            out.println(workload);
            if (style == TableStyle.MARKDOWN) {
                // A table begins behind an empty line.
                out.println();
            }
            TextTable table = new TextTable(2, HEADER);
            Map<RunSpec, Map<String, String>> finished = new LinkedHashMap<>();
            for (RunSpec run : runs) {
                Map<String, String> row = rows.get(run.runId());
                if (row != null && isFinished(row)) {
                    finished.put(run, row);
                }
                double dense = row == null ? Double.NaN : denseImagesPerSecond(runs, run, row, rows);
                allCompared &= row == null || !isFinished(row) || !Double.isNaN(dense);
                table.add(row == null ? missing(run) : line(run, row, dense));
            }
            table.print(out, style);
            SeedTable.print(finished, style, out);
        }
        out.println();
        out.println(
                "FLOPs/dense is the training cost over the dense network's in three accounts: paper as the papers count,");
        out.println("cpu_executed as the kernels counted what they ran, nm_hardware what N:M tensor cores could skip.");
        out.println(simulated(sweep, folder));
        out.println("The speed-up is in images/s of training time over the dense run of the same seed.");
        if (!allCompared) {
            out.println(
                    "There is none (-) without a finished dense run of that seed on the same machine, build and threads"
                            + " (environment_id).");
        }
        List<Map<String, String>> finished = sweep.runs().stream()
                .map(run -> rows.get(run.runId()))
                .filter(row -> row != null && isFinished(row))
                .toList();
        LoadHint.of(finished, folder).ifPresent(out::println);
        out.println("Files: " + folder.path().toAbsolutePath().normalize());
    }

    /** Whether every time is that of a kernel which skipped zeros, and whose is not. */
    private static String simulated(Sweep sweep, ResultsFolder folder) {
        Set<String> runs = sweep.runs().stream().map(RunSpec::runId).collect(Collectors.toSet());
        Set<String> methods = new TreeSet<>();
        folder.layers().forEachRow(row -> {
            boolean any = Stream.of("forward_mode", "input_gradient_mode", "weight_gradient_mode")
                    .anyMatch(mode -> row.get(mode).equals("simulated"));
            if (any && runs.contains(row.get("run_id"))) {
                methods.add(row.get("method"));
            }
        });
        return methods.isEmpty()
                ? "Times are executed: every kernel skipped the zeros of its layer (see layers.csv)."
                : "Times of " + String.join(", ", methods)
                        + " are partly simulated: dense arithmetic ran on zeros of a mask or of a sampled gradient"
                        + " (layers.csv says where); the others' are executed.";
    }

    private static List<String> line(RunSpec run, Map<String, String> row, double dense) {
        if (!isFinished(row)) {
            return fill(run, row.get("status"));
        }
        double speed = number(row, "images_per_second");
        return List.of(
                run.method().label(),
                run.patternColumn(),
                String.valueOf(run.seed()),
                Text.percent(number(row, "final_top1")),
                Text.percent(number(row, "best_top1")),
                Text.fixed(number(row, "first_loss"), 3),
                Text.fixed(number(row, "final_loss"), 3),
                Text.fixed(number(row, "train_ratio_paper"), 4),
                Text.fixed(number(row, "train_ratio_cpu_executed"), 4),
                Text.fixed(number(row, "train_ratio_nm_hardware"), 4),
                Text.duration(number(row, "train_seconds")),
                Text.fixed(speed, 0),
                Text.times(speed / dense));
    }

    private static List<String> missing(RunSpec run) {
        return fill(run, "not finished");
    }

    private static List<String> fill(RunSpec run, String status) {
        List<String> fields = new ArrayList<>(
                List.of(run.method().label(), run.patternColumn(), String.valueOf(run.seed()), status));
        fields.addAll(Collections.nCopies(HEADER.size() - fields.size(), "-"));
        return fields;
    }

    private static double denseImagesPerSecond(
            List<RunSpec> runs, RunSpec run, Map<String, String> own, Map<String, Map<String, String>> rows) {
        return runs.stream()
                .filter(other -> other.method().factory().name().equals(DENSE) && other.seed() == run.seed())
                .map(other -> rows.get(other.runId()))
                .filter(row -> row != null && isFinished(row))
                // Speeds of different machines, builds or numbers of threads say nothing about methods.
                .filter(row -> row.get("environment_id").equals(own.get("environment_id")))
                .mapToDouble(row -> number(row, "images_per_second"))
                .findFirst()
                .orElse(Double.NaN);
    }

    private static boolean isFinished(Map<String, String> row) {
        return RunStatus.parse(row.get("status")) == RunStatus.FINISHED;
    }

    static double number(Map<String, String> row, String column) {
        String text = row.get(column);
        try {
            return text == null || text.isEmpty() ? Double.NaN : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new ResultsException(row.get("run_id") + ": got '" + text + "' in column " + column
                    + ", expected a number. Repair the row, or give another folder with --out.", e);
        }
    }
}
