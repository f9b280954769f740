package org.bame.harness.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bame.harness.statistics.Goal;
import org.bame.harness.statistics.Summary;
import org.bame.harness.statistics.Verdict;

/**
 * Compares rows of benchmarks. Where both sides have a row measured in several runs of the benchmark these are the samples;
 * else the noise of a time is half the distance, by ratio, between the times of which a tenth and nine tenths of the rounds
 * were faster, and that of a change both sides' together (the root of the sum of squares).
 */
final class BenchmarkComparison {

    private static final String PROVIDER = "provider";
    /** What is measured of several shapes. */
    private static final List<String> SET =
            List.of(PROVIDER, "shape_set", "product", "pattern", "data_type", "threads", "device");
    /** What goes without saying. */
    private static final Set<String> USUAL = Set.of("cpu", "float32");

    private final ResultsSource first;
    private final ResultsSource second;
    private final ResultsKind kind;
    private final CompareOptions options;
    private final Machines machines;

    BenchmarkComparison(ResultsSource first, ResultsSource second, ResultsKind kind, CompareOptions options) {
        this.first = first;
        this.second = second;
        this.kind = kind;
        this.options = options;
        this.machines = new Machines(first, second, options.acrossMachines());
    }

    Findings sameRows() {
        Map<List<String>, List<ResultsRow>> before = byKey(first);
        Map<List<String>, List<ResultsRow>> after = byKey(second);
        Findings findings = new Findings();
        List<Pair> ours = new ArrayList<>();
        Map<String, List<Pair>> peers = new LinkedHashMap<>();
        before.forEach((key, from) -> {
            List<ResultsRow> to = after.get(key);
            if (to == null) {
                findings.onlyFirst.add(subject(key));
            } else if (isOurs(from.getFirst())) {
                ours.add(new Pair(subject(key), from, to));
            } else {
                peers.computeIfAbsent(from.getFirst().text(PROVIDER), peer -> new ArrayList<>())
                        .add(new Pair(subject(key), from, to));
            }
        });
        after.keySet().stream()
                .filter(key -> !before.containsKey(key))
                .forEach(key -> findings.onlySecond.add(subject(key)));
        findings.comparisons.addAll(compare(ours));
        ours.forEach(pair -> {
            findings.usedOfFirst.addAll(pair.from);
            findings.usedOfSecond.addAll(pair.to);
        });
        peers.forEach((peer, pairs) -> findings.notes.add(control(peer, pairs)));
        return findings;
    }

    private List<Comparison> compare(List<Pair> pairs) {
        List<Measure> measures = Measure.ofBenchmark(kind);
        Map<String, Verdict> times = compare(measures.getFirst(), pairs).stream()
                .collect(Collectors.toMap(Comparison::subject, Comparison::verdict));
        return measures.stream()
                .filter(options::wants)
                .flatMap(measure -> compare(measure, pairs).stream())
                .map(one -> one.measure().equals(Measure.VS_DENSE) && !options.acrossMachines()
                        ? one.onlyWith(times.get(one.subject()), "its own time is not, dense changed")
                        : one)
                .toList();
    }

    /** Single rows, and of kernels the means over the shapes before them. */
    private List<Comparison> compare(Measure measure, List<Pair> pairs) {
        List<Pair> taken = pairs.stream().filter(pair -> pair.says(measure)).toList();
        List<Comparison> comparisons = new ArrayList<>();
        if (kind == ResultsKind.KERNELS) {
            taken.stream()
                    .collect(Collectors.groupingBy(
                            pair -> pair.from.getFirst().texts(SET), LinkedHashMap::new, Collectors.toList()))
                    .values()
                    .stream()
                    .filter(set -> set.size() > 1)
                    .forEach(set -> comparisons.add(acrossShapes(measure, set)));
        }
        for (Pair pair : taken) {
            comparisons.add(judge(pair.subject, measure, change(measure, pair), pair.from, pair.to));
        }
        return comparisons;
    }

    private Comparison acrossShapes(Measure measure, List<Pair> set) {
        Change change = Change.ofPairs(
                set.stream().mapToDouble(pair -> mean(pair.from, measure)).toArray(),
                set.stream().mapToDouble(pair -> mean(pair.to, measure)).toArray(),
                set.stream().allMatch(Pair::isIdentical));
        ResultsRow row = set.getFirst().from.getFirst();
        return judge(
                "geometric mean " + subject(SET, row.texts(SET)),
                measure,
                change,
                set.stream().flatMap(pair -> pair.from.stream()).toList(),
                set.stream().flatMap(pair -> pair.to.stream()).toList());
    }

    private Comparison judge(
            String subject, Measure measure, Change change, List<ResultsRow> from, List<ResultsRow> to) {
        return Comparison.of(
                kind, subject, measure, change, options.tolerances(), machines.objection(kind, from, to));
    }

    private Map<List<String>, List<ResultsRow>> byKey(ResultsSource source) {
        return source.rows(kind).stream()
                .filter(row -> options.methods().isEmpty() || row.text("method").isEmpty()
                        || options.methods().contains(row.text("method")))
                .collect(Collectors.groupingBy(row -> row.texts(kind.key()), LinkedHashMap::new, Collectors.toList()));
    }

    /** Whether our own kernels ran: those that the environment names. Other libraries are measured beside them. */
    private boolean isOurs(ResultsRow row) {
        return row.text(PROVIDER).isEmpty() || first.environment(row)
                .map(environment -> environment.text(PROVIDER).startsWith(row.text(PROVIDER) + ":"))
                .orElse(true);
    }

    private String subject(List<String> key) {
        return subject(kind.key(), key);
    }

    private static String subject(List<String> columns, List<String> fields) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            switch (columns.get(i)) {
                case "threads", "batch", "width" -> parts.add(columns.get(i) + " " + fields.get(i));
                case "image_size" -> parts.add("size " + fields.get(i));
                default -> parts.add(USUAL.contains(fields.get(i)) ? "" : fields.get(i));
            }
        }
        return parts.stream().filter(part -> !part.isEmpty()).collect(Collectors.joining(" "));
    }

    private Change change(Measure measure, Pair pair) {
        double[] from = values(pair.from, measure);
        double[] to = values(pair.to, measure);
        if (pair.isIdentical()) {
            return Change.ofPairs(from, to, true);
        }
        if (from.length > 1 && to.length > 1) {
            return Change.ofSamples(from, to, "by runs of the benchmark");
        }
        double noise = Math.hypot(noise(pair.from), noise(pair.to));
        // A speed-up is a ratio of two times, of which the other one is taken to be as noisy.
        double halfWidth = measure.goal() == Goal.LOWER ? noise : Math.sqrt(2) * noise;
        return Change.ofNoisy(Summary.of(from).mean(), Summary.of(to).mean(), halfWidth, "by p10 and p90");
    }

    private static double noise(List<ResultsRow> rows) {
        return rows.stream()
                .mapToDouble(row -> Math.abs(Math.log(row.positive("p90_nanos") / row.positive("p10_nanos"))) / 2)
                .max()
                .orElseThrow();
    }

    private static double[] values(List<ResultsRow> rows, Measure measure) {
        return rows.stream()
                .mapToDouble(row -> row.positive(measure.column()))
                .map(measure.scale()::forward)
                .toArray();
    }

    private static double mean(List<ResultsRow> rows, Measure measure) {
        return Summary.of(values(rows, measure)).mean();
    }

    private String control(String peer, List<Pair> pairs) {
        Measure time = Measure.ofBenchmark(kind).getFirst();
        double change = pairs.stream()
                .mapToDouble(pair -> mean(pair.to, time) - mean(pair.from, time))
                .average()
                .orElseThrow();
        return String.format(
                Locale.ROOT,
                "%s: %s of %s, a yardstick and not judged, changed by %+.1f %% (%d rows)",
                kind.fileName(),
                time.column(),
                peer,
                time.scale().shown(change),
                pairs.size());
    }

    /**
     * Rows of one key.
     *
     * @param subject what was measured
     * @param from rows of the old side, one for each run of the benchmark
     * @param to rows of the new side
     */
    private record Pair(String subject, List<ResultsRow> from, List<ResultsRow> to) {

        /** Whether the measure was taken on both sides, against the same, and is not 1 by definition. */
        boolean says(Measure measure) {
            boolean taken = Stream.concat(from.stream(), to.stream())
                    .noneMatch(row -> Double.isNaN(row.number(measure.column())));
            boolean itself = measure.equals(Measure.VS_DENSE) && from.getFirst().text("pattern").equals("dense");
            boolean otherPeer = measure.equals(Measure.VS_PEER)
                    && !from.getFirst().text("peer").equals(to.getFirst().text("peer"));
            return taken && !itself && !otherPeer;
        }

        /** Whether both sides have the very same rows: a folder compared with its copy. */
        boolean isIdentical() {
            return from.stream().map(ResultsRow::fields).toList().equals(to.stream().map(ResultsRow::fields).toList());
        }
    }
}
