package org.bame.harness.compare;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bame.harness.results.RunStatus;

/**
 * Runs that differ in nothing but the seed.
 *
 * @param name workload, method and pattern; the run's own name where these stand for several configurations
 * @param workload data set, network and recipe
 * @param method name, with its variant
 * @param pattern or {@code dense}
 * @param bySeed rows
 */
record RunGroup(String name, String workload, String method, String pattern, SortedMap<Long, ResultsRow> bySeed) {

    private static final List<String> NAME = List.of("workload", "method", "pattern");

    /** Names under which some of the rows have a seed twice. */
    static Set<List<String>> ambiguous(List<ResultsRow> rows) {
        Set<List<String>> seen = new HashSet<>();
        Set<List<String>> twice = new HashSet<>();
        for (ResultsRow row : rows) {
            List<String> key = new ArrayList<>(row.texts(NAME));
            key.add(String.valueOf(row.seed()));
            if (!seen.add(key)) {
                twice.add(row.texts(NAME));
            }
        }
        return twice;
    }

    /** Groups of the rows, by name, in the order of the rows. */
    static Map<String, RunGroup> of(List<ResultsRow> rows, Set<List<String>> ambiguous) {
        Map<String, RunGroup> groups = new LinkedHashMap<>();
        for (ResultsRow row : rows) {
            List<String> parts = row.texts(NAME);
            String name = ambiguous.contains(parts) ? row.text("run_id") : String.join(" ", parts);
            RunGroup group = groups.computeIfAbsent(
                    name, one -> new RunGroup(one, parts.get(0), parts.get(1), parts.get(2), new TreeMap<>()));
            group.bySeed.put(row.seed(), row);
        }
        return groups;
    }

    /** Seeds that another group has, too. */
    List<Long> seedsWith(RunGroup other) {
        return bySeed.keySet().stream().filter(other.bySeed::containsKey).toList();
    }

    /** Those of the seeds whose runs came to their end. */
    List<Long> finished(List<Long> seeds) {
        return seeds.stream().filter(seed -> isFinished(bySeed.get(seed))).toList();
    }

    List<Long> seeds() {
        return List.copyOf(bySeed.keySet());
    }

    List<ResultsRow> rows(List<Long> seeds) {
        return seeds.stream().map(bySeed::get).toList();
    }

    private static boolean isFinished(ResultsRow row) {
        return RunStatus.parse(row.text("status")) == RunStatus.FINISHED;
    }
}
