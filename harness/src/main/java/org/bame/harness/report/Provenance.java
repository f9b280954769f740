package org.bame.harness.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.bame.harness.results.RecordedRow;

/** What a caption says of where numbers come from: whether they were executed, how often, and on what. */
final class Provenance {

    private static final List<String> MODES = List.of("forward_mode", "input_gradient_mode", "weight_gradient_mode");
    private static final String SIMULATED = "simulated";

    private Provenance() {}

    /** Seeds, kernels and machines of runs. */
    static String ofRuns(ReportData data, Collection<RunGroup> groups) {
        boolean alone = groups.stream().allMatch(group -> group.runs() < 2);
        return seeds(groups) + (alone
                ? ", so no interval. "
                : ": means, with 95 % bootstrap intervals of the mean where there are two or more. ")
                + modesAndEnvironments(data, groups);
    }

    /** The same of what is shown without intervals. */
    static String ofMeans(ReportData data, Collection<RunGroup> groups) {
        return seeds(groups) + ": means, no intervals. " + modesAndEnvironments(data, groups);
    }

    /** {@code 1 seed each}, {@code 1 to 3 seeds each}. */
    private static String seeds(Collection<RunGroup> groups) {
        long fewest = groups.stream().mapToLong(RunGroup::runs).min().orElse(0);
        long most = groups.stream().mapToLong(RunGroup::runs).max().orElse(0);
        return (fewest == most ? NumberText.count(most, "seed") : fewest + " to " + most + " seeds") + " each";
    }

    private static String modesAndEnvironments(ReportData data, Collection<RunGroup> groups) {
        List<RecordedRow> rows = groups.stream().flatMap(group -> group.rows().stream()).toList();
        return modes(data, rows) + " " + environments(data, rows);
    }

    /** Whether the kernels of runs skipped the zeros, by {@code layers.csv}. */
    private static String modes(ReportData data, List<RecordedRow> rows) {
        Set<String> runs = rows.stream().map(row -> row.text("run_id")).collect(Collectors.toSet());
        List<RecordedRow> layers =
                data.layers().stream().filter(row -> runs.contains(row.text("run_id"))).toList();
        Set<String> told = layers.stream().map(row -> row.text("run_id")).collect(Collectors.toSet());
        String untold = rows.stream()
                .filter(row -> !told.contains(row.text("run_id")))
                .map(row -> row.text("method"))
                .distinct()
                .collect(Collectors.joining(", "));
        String simulated = layers.stream()
                .filter(row -> row.texts(MODES).contains(SIMULATED))
                .map(row -> row.text("method"))
                .distinct()
                .collect(Collectors.joining(", "));
        List<String> modes = new ArrayList<>();
        if (!simulated.isEmpty()) {
            modes.add("Partly simulated, dense arithmetic on zeros: " + simulated + "; the others executed.");
        } else if (!told.isEmpty()) {
            modes.add("Executed: the kernels skipped the zeros.");
        }
        if (!untold.isEmpty()) {
            modes.add("Executed or simulated: not recorded of " + untold + ", for lack of rows in layers.csv.");
        }
        return String.join(" ", modes);
    }

    /** Machines and builds, as in {@code AMD EPYC, 2 threads, 512-bit vectors: commit d266947 (environment 6443c95c4a).} */
    static String environments(ReportData data, Collection<RecordedRow> rows) {
        Map<String, List<String>> builds = new LinkedHashMap<>();
        rows.stream().map(row -> row.text("environment_id")).distinct().forEach(id -> {
            Optional<RecordedRow> environment = data.environments().stream()
                    .filter(row -> row.text("environment_id").equals(id))
                    .findFirst();
            builds.computeIfAbsent(
                    environment.map(Provenance::machine).orElse("A machine that environments.csv does not have"),
                    machine -> new ArrayList<>())
                    .add(environment.map(row -> "commit " + commit(row) + " ").orElse("") + "(environment " + id + ")");
        });
        return builds.entrySet().stream()
                .map(machine -> machine.getKey() + ": " + String.join(", ", machine.getValue()))
                .collect(Collectors.joining("; ", "", "."));
    }

    private static String machine(RecordedRow environment) {
        return environment.text("cpu") + ", " + NumberText.count((long) environment.number("cores_used"), "thread")
                + ", "
                + environment.text("vector_bits") + "-bit vectors";
    }

    /** Ten digits, and whether the sources differed. */
    static String commit(RecordedRow environment) {
        return environment.text("commit").replaceFirst("^([0-9a-f]{10})[0-9a-f]+", "$1");
    }
}
