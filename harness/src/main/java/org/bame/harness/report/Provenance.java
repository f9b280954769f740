package org.bame.harness.report;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
        if (told.size() < runs.size()) {
            return "Executed or simulated: not recorded, for lack of rows in layers.csv.";
        }
        Set<String> simulated = layers.stream()
                .filter(row -> row.texts(MODES).contains(SIMULATED))
                .map(row -> row.text("method"))
                .collect(Collectors.toCollection(TreeSet::new));
        return simulated.isEmpty()
                ? "Executed: the kernels skipped the zeros."
                : "Partly simulated, dense arithmetic on zeros: " + String.join(", ", simulated)
                        + "; the others executed.";
    }

    /** Machines and builds, as in {@code AMD EPYC, 2 threads, 512-bit vectors, commit d266947 (environment 6443c95c4a).} */
    static String environments(ReportData data, Collection<RecordedRow> rows) {
        List<String> ids =
                rows.stream().map(row -> row.text("environment_id")).distinct().toList();
        return ids.stream().map(id -> environment(data, id)).collect(Collectors.joining("; ", "", "."));
    }

    private static String environment(ReportData data, String id) {
        return data.environments().stream()
                .filter(row -> row.text("environment_id").equals(id))
                .findFirst()
                .map(row -> Stream.of(
                        row.text("cpu"),
                        NumberText.count((long) row.number("cores_used"), "thread"),
                        row.text("vector_bits") + "-bit vectors",
                        "commit " + commit(row))
                        .collect(Collectors.joining(", ")) + " (environment " + id + ")")
                .orElse("environment " + id + ", which environments.csv does not have");
    }

    /** Ten digits, and whether the sources differed. */
    static String commit(RecordedRow environment) {
        String commit = environment.text("commit");
        return commit.replaceFirst("^([0-9a-f]{10})[0-9a-f]+", "$1");
    }
}
