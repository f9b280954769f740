package org.bame.harness.compare;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.bame.harness.statistics.Interval;

/** Compares {@code runs.csv}: runs of one seed are pairs, for they begin alike and see the images in one order. */
final class RunComparison {

    private final ResultsSource first;
    private final ResultsSource second;
    private final CompareOptions options;
    private final Machines machines;

    RunComparison(ResultsSource first, ResultsSource second, CompareOptions options) {
        this.first = first;
        this.second = second;
        this.options = options;
        this.machines = new Machines(first, second, options.acrossMachines());
    }

    /** Runs of one name on both sides. */
    Findings sameRuns() {
        Set<List<String>> ambiguous = new HashSet<>(RunGroup.ambiguous(rows(first)));
        ambiguous.addAll(RunGroup.ambiguous(rows(second)));
        Map<String, RunGroup> before = RunGroup.of(rows(first), ambiguous);
        Map<String, RunGroup> after = RunGroup.of(rows(second), ambiguous);
        Findings findings = new Findings();
        before.forEach((name, from) -> {
            RunGroup to = after.get(name);
            if (to == null) {
                findings.onlyFirst.add(name + " seed " + seeds(from.seeds()));
                return;
            }
            missing(from, to, findings.onlyFirst);
            missing(to, from, findings.onlySecond);
            findings.comparisons.addAll(compare(name, from, to, false));
            long changed = from.seedsWith(to).stream()
                    .filter(seed -> !isOneConfiguration(from, to, seed))
                    .count();
            if (changed > 0) {
                findings.notes.add(name + ": " + changed
                        + " of the runs have another configuration (run_id) under the same name and seed");
            }
            use(from, to, findings);
        });
        after.forEach((name, to) -> {
            if (!before.containsKey(name)) {
                findings.onlySecond.add(name + " seed " + seeds(to.seeds()));
            }
        });
        return findings;
    }

    /** Every other one of the methods against the first, within each workload, at equal patterns or against dense ones. */
    Findings methods() {
        List<RunGroup> groups = List.copyOf(
                RunGroup.of(rows(first), RunGroup.ambiguous(rows(first))).values());
        Findings findings = new Findings();
        for (RunGroup from : groups) {
            for (RunGroup to : groups) {
                boolean asked = from.method().equals(options.methods().getFirst())
                        && !to.method().equals(from.method());
                boolean alike = from.workload().equals(to.workload())
                        && (from.pattern().equals(to.pattern()) || isDense(from) || isDense(to));
                if (asked && alike) {
                    findings.comparisons.addAll(compare(to.name() + " over " + text(from, to), from, to, true));
                    use(from, to, findings);
                }
            }
        }
        return findings;
    }

    /** The method's name, and its pattern where that is another and does not stand in the name already. */
    private static String text(RunGroup from, RunGroup to) {
        boolean clear = from.pattern().equals(to.pattern()) || from.method().equals(from.pattern());
        return clear ? from.method() : from.method() + " " + from.pattern();
    }

    private static boolean isDense(RunGroup group) {
        return group.pattern().equals("dense");
    }

    private List<ResultsRow> rows(ResultsSource source) {
        return source.rows(ResultsKind.RUNS).stream()
                .filter(row -> options.methods().isEmpty() || options.methods().contains(row.text("method")))
                .toList();
    }

    private static void missing(RunGroup here, RunGroup there, List<String> only) {
        List<Long> seeds = here.seeds().stream()
                .filter(seed -> !there.bySeed().containsKey(seed))
                .toList();
        if (!seeds.isEmpty()) {
            only.add(here.name() + " seed " + seeds(seeds));
        }
    }

    private static String seeds(List<Long> seeds) {
        return String.join(", ", seeds.stream().map(String::valueOf).toList());
    }

    private static void use(RunGroup from, RunGroup to, Findings findings) {
        findings.usedOfFirst.addAll(from.bySeed().values());
        findings.usedOfSecond.addAll(to.bySeed().values());
    }

    private List<Comparison> compare(String subject, RunGroup from, RunGroup to, boolean ofMethods) {
        List<Comparison> comparisons = new ArrayList<>();
        List<Long> common = from.seedsWith(to);
        if (options.wants(Measure.STATUS) && !common.isEmpty()
                && from.finished(common).size() + to.finished(common).size() < 2 * common.size()) {
            comparisons.add(status(subject, from, to, common));
        }
        List<Long> pairs = from.finished(to.finished(common));
        boolean paired = !common.isEmpty();
        List<ResultsRow> before = from.rows(paired ? pairs : from.finished(from.seeds()));
        List<ResultsRow> after = to.rows(paired ? pairs : to.finished(to.seeds()));
        if (before.isEmpty() || after.isEmpty()) {
            return comparisons;
        }
        boolean same = !ofMethods && pairs.stream().allMatch(seed -> isOneConfiguration(from, to, seed));
        for (Measure measure : ofMethods ? Measure.OF_METHODS : Measure.OF_RUNS) {
            double[] old = values(before, measure);
            double[] recent = values(after, measure);
            // A column that a version did not have, or a figure that was not measured.
            boolean measured =
                    DoubleStream.concat(DoubleStream.of(old), DoubleStream.of(recent)).noneMatch(Double::isNaN);
            if (options.wants(measure) && measured) {
                Change change = change(measure, old, recent, paired, same);
                String withheld = measure.ofMachine() ? machines.objection(ResultsKind.RUNS, before, after) : "";
                comparisons.add(Comparison.of(
                        ResultsKind.RUNS, subject, measure, change, options.tolerances(), withheld));
            }
        }
        return comparisons;
    }

    /** Without noise: whether a run ends is no matter of chance once its seed is given. */
    private Comparison status(String subject, RunGroup from, RunGroup to, List<Long> common) {
        double before = (double) from.finished(common).size() / common.size();
        double after = (double) to.finished(common).size() / common.size();
        Interval exactly = Interval.around(after - before, 0);
        Change change = new Change(before, after, Optional.of(exactly), common.size(), "share that finished");
        return Comparison.of(ResultsKind.RUNS, subject, Measure.STATUS, change, new Tolerances(0, 0), "");
    }

    private static Change change(Measure measure, double[] from, double[] to, boolean paired, boolean same) {
        if (!paired) {
            return Change.ofSamples(from, to, "no seed in common");
        }
        return measure.scale() == Scale.COST ? Change.ofExact(from, to) : Change.ofPairs(from, to, same);
    }

    private static double[] values(List<ResultsRow> rows, Measure measure) {
        return rows.stream()
                .mapToDouble(row -> measure.scale() == Scale.POINTS
                        ? row.number(measure.column())
                        : row.positive(measure.column()))
                .map(measure.scale()::forward)
                .toArray();
    }

    private static boolean isOneConfiguration(RunGroup from, RunGroup to, long seed) {
        return from.bySeed().get(seed).text("run_id").equals(to.bySeed().get(seed).text("run_id"));
    }
}
