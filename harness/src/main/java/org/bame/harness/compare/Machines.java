package org.bame.harness.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether times may be held against each other.
 *
 * @param first the old side
 * @param second the new side, or the same
 * @param ignored whether they always may
 */
record Machines(ResultsSource first, ResultsSource second, boolean ignored) {

    /** Why times of these rows say nothing about what ran; empty if they do. Threads of a run are its environment's. */
    String objection(ResultsKind kind, List<ResultsRow> ofFirst, List<ResultsRow> ofSecond) {
        if (ignored || Stream.concat(ofFirst.stream(), ofSecond.stream())
                .map(row -> row.text("environment_id"))
                .distinct()
                .count() == 1) {
            return "";
        }
        List<Optional<List<String>>> machines = new ArrayList<>();
        ofFirst.forEach(row -> machines.add(first.environment(row).map(found -> machine(kind, found))));
        ofSecond.forEach(row -> machines.add(second.environment(row).map(found -> machine(kind, found))));
        if (machines.stream().anyMatch(Optional::isEmpty)) {
            return "machine not known";
        }
        return machines.stream().distinct().count() == 1 ? "" : "other machine";
    }

    private static List<String> machine(ResultsKind kind, ResultsRow environment) {
        return kind == ResultsKind.RUNS
                ? environment.texts(List.of("device", "cpu", "cores_used"))
                : environment.texts(List.of("device", "cpu"));
    }
}
