package org.bame.harness.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bame.harness.results.ResultsFolder;

/** Finds runs whose times say less than they seem to: something else was using the processors. */
final class LoadHint {

    /** Part of its threads' time that a run gets on a machine of its own, at least: not all work is on all threads. */
    private static final double LEAST_SHARE = 0.6;

    private LoadHint() {}

    /** A line about those of the finished runs, if there are any. */
    static Optional<String> of(List<Map<String, String>> finished, ResultsFolder folder) {
        Map<String, Double> threads = new HashMap<>();
        folder.environments()
                .forEachRow(row -> threads.put(row.get("environment_id"), ResultTable.number(row, "cores_used")));
        // NaN, where the system does not tell or the environment is not known, is no sign of load.
        long disturbed = finished.stream()
                .filter(row -> ResultTable.number(row, "process_cpu_seconds")
                        / ResultTable.number(row, "train_seconds") < LEAST_SHARE * threads.getOrDefault(row.get(
                                "environment_id"), Double.NaN))
                .count();
        return disturbed == 0
                ? Optional.empty()
                : Optional.of("Times of " + disturbed + " of " + finished.size()
                        + " runs were taken beside other load: the process got less than "
                        + Text.fixed(100 * LEAST_SHARE, 0) + " % of its threads' time (process_cpu_seconds).");
    }
}
