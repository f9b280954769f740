package org.bame.harness.compare;

import java.util.List;
import org.bame.harness.statistics.Verdict;

/**
 * What a comparison found.
 *
 * @param comparisons in the order of the files
 * @param onlyFirst what the first side alone has
 * @param onlySecond what the second side alone has
 * @param environment where machines, builds and data differ
 * @param notes what else to know before believing a verdict
 */
public record ComparisonReport(
        List<Comparison> comparisons,
        List<String> onlyFirst,
        List<String> onlySecond,
        List<EnvironmentDifference> environment,
        List<String> notes) {

    /** Copies the lists. */
    public ComparisonReport {
        comparisons = List.copyOf(comparisons);
        onlyFirst = List.copyOf(onlyFirst);
        onlySecond = List.copyOf(onlySecond);
        environment = List.copyOf(environment);
        notes = List.copyOf(notes);
    }

    /** How many comparisons came to a verdict. */
    public long count(Verdict verdict) {
        return comparisons.stream().filter(one -> one.verdict() == verdict).count();
    }
}
