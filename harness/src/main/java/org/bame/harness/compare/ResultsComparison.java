package org.bame.harness.compare;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.bame.harness.config.NearestName;
import org.bame.harness.config.Problems;
import org.bame.harness.results.ResultsException;

/** Compares results folders, or methods within one. */
public final class ResultsComparison {

    private ResultsComparison() {}

    /**
     * Compares the rows that both sides have.
     *
     * @param before the old side
     * @param after the new one
     * @throws ResultsException if there are none, or a row cannot be read
     */
    public static ComparisonReport of(ResultsSource before, ResultsSource after, CompareOptions options) {
        Findings findings = new Findings();
        for (ResultsKind kind : ResultsKind.values()) {
            if (before.has(kind) && after.has(kind)) {
                findings.add(kind == ResultsKind.RUNS
                        ? new RunComparison(before, after, options).sameRuns()
                        : new BenchmarkComparison(before, after, kind, options).sameRows());
            } else if (before.has(kind)) {
                findings.onlyFirst.add(kind.fileName());
            } else if (after.has(kind)) {
                findings.onlySecond.add(kind.fileName());
            }
        }
        if (findings.comparisons.isEmpty()) {
            throw new ResultsException("Nothing to compare: " + before.path() + " has " + contents(before) + ", "
                    + after.path() + " has " + contents(after)
                    + ", and no row of one is measured like a row of the other"
                    + ". Expected results of the same runs or benchmarks; check the paths, --methods and --measures.");
        }
        return report(before, after, findings);
    }

    /**
     * Compares methods with the first of them.
     *
     * @param options at least two methods
     * @throws ResultsException if no run of theirs can be compared, or a row cannot be read
     */
    public static ComparisonReport ofMethods(ResultsSource source, CompareOptions options) {
        Set<String> known = source.rows(ResultsKind.RUNS).stream()
                .map(row -> row.text("method"))
                .collect(Collectors.toCollection(TreeSet::new));
        Problems problems = new Problems();
        options.methods().stream().filter(method -> !known.contains(method)).forEach(method -> problems.add(
                "--methods",
                "'" + method + "'",
                known.isEmpty() ? "a folder with a runs.csv" : "one of " + String.join(", ", known),
                NearestName.hint(method, known)));
        problems.throwIfAny();
        Findings findings = new RunComparison(source, source, options).methods();
        if (findings.comparisons.isEmpty()) {
            throw new ResultsException(source.path() + ": no finished runs of " + String.join(", ", options.methods())
                    + " have workload and pattern in common. Compare methods of one sweep.");
        }
        return report(source, source, findings);
    }

    private static ComparisonReport report(ResultsSource before, ResultsSource after, Findings findings) {
        return new ComparisonReport(
                findings.comparisons,
                findings.onlyFirst,
                findings.onlySecond,
                EnvironmentDifference.between(before, findings.usedOfFirst, after, findings.usedOfSecond),
                findings.notes);
    }

    private static String contents(ResultsSource source) {
        return Arrays.stream(ResultsKind.values())
                .filter(source::has)
                .map(kind -> kind.fileName() + " with " + source.rows(kind).size() + " rows")
                .collect(Collectors.joining(", "));
    }
}
