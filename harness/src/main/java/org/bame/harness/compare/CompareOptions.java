package org.bame.harness.compare;

import java.util.List;
import java.util.Set;

/**
 * What is compared, and how strictly.
 *
 * @param tolerances the largest changes that mean nothing
 * @param measures columns to compare; empty for all
 * @param methods whose runs are compared; empty for all
 * @param acrossMachines whether times of different machines are judged, too
 */
public record CompareOptions(
        Tolerances tolerances, Set<String> measures, List<String> methods, boolean acrossMachines) {

    /** Copies the collections. */
    public CompareOptions {
        measures = Set.copyOf(measures);
        methods = List.copyOf(methods);
    }

    boolean wants(Measure measure) {
        return measures.isEmpty() || measures.contains(measure.column());
    }
}
