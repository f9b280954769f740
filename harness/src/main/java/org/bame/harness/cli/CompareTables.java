package org.bame.harness.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bame.harness.compare.Comparison;
import org.bame.harness.compare.ComparisonReport;
import org.bame.harness.compare.EnvironmentDifference;
import org.bame.harness.compare.Scale;
import org.bame.harness.statistics.Verdict;

/** Shows what a comparison found. */
final class CompareTables {

    private static final int MOST_PARTS = 3;
    private static final int LONGEST_PART = 60;
    private static final int MOST_MISSING = 10;
    private static final double THOUSAND = 1e3;
    private static final List<Verdict> ORDER =
            List.of(Verdict.WORSE, Verdict.BETTER, Verdict.EQUAL, Verdict.INCONCLUSIVE);

    private CompareTables() {}

    /** Where machines, builds and data differ. */
    static void printEnvironment(
            ComparisonReport report, List<String> sides, TableStyle style, PrintWriter out) {
        if (report.environment().isEmpty()) {
            return;
        }
        out.println("The environments differ:");
        out.println();
        TextTable table = new TextTable(3, List.of("environment", "only " + sides.get(0), "only " + sides.get(1)));
        for (EnvironmentDifference difference : report.environment()) {
            table.add(List.of(difference.column(), parts(difference.onlyFirst()), parts(difference.onlySecond())));
        }
        table.print(out, style);
        out.println();
    }

    private static String parts(Collection<String> parts) {
        List<String> shown = parts.stream()
                .limit(MOST_PARTS)
                .map(part -> part.length() > LONGEST_PART ? part.substring(0, LONGEST_PART) + "..." : part)
                .toList();
        String more = parts.size() > MOST_PARTS ? " and " + (parts.size() - MOST_PARTS) + " more" : "";
        return shown.isEmpty() ? "-" : String.join(", ", shown) + more;
    }

    /** What one side alone has. */
    static void printMissing(String side, List<String> missing, boolean all, PrintWriter out) {
        if (missing.isEmpty()) {
            return;
        }
        out.println("Only " + side + " (" + missing.size() + ", not compared):");
        missing.stream().limit(all ? missing.size() : MOST_MISSING).forEach(each -> out.println("  " + each));
        if (!all && missing.size() > MOST_MISSING) {
            out.println("  and " + (missing.size() - MOST_MISSING) + " more (--all)");
        }
        out.println();
    }

    /** One line a comparison. */
    static void printComparisons(
            List<Comparison> comparisons, List<String> sides, TableStyle style, PrintWriter out) {
        TextTable table = new TextTable(
                3,
                List.of("verdict", "what", "measure", "n", sides.get(0), sides.get(1), "change", "interval", "why"));
        for (Comparison one : comparisons) {
            table.add(List.of(
                    one.verdict().word(),
                    one.subject(),
                    one.measure().column(),
                    String.valueOf(one.count()),
                    value(one, one.from()),
                    value(one, one.to()),
                    signed(one.change()) + " " + one.measure().scale().unit(),
                    one.interval()
                            .map(interval -> signed(interval.low()) + " .. " + signed(interval.high()))
                            .orElse("-"),
                    one.reason()));
        }
        table.print(out, style);
        out.println();
    }

    /** How many comparisons of each measure came to which verdict. */
    static void printCounts(ComparisonReport report, TableStyle style, PrintWriter out) {
        Map<List<String>, Map<Verdict, Integer>> counts = new LinkedHashMap<>();
        for (Comparison one : report.comparisons()) {
            counts.computeIfAbsent(
                    List.of(one.kind().fileName(), one.measure().column()), key -> new EnumMap<>(Verdict.class))
                    .merge(one.verdict(), 1, Integer::sum);
        }
        List<String> header = new ArrayList<>(List.of("file", "measure"));
        ORDER.forEach(verdict -> header.add(verdict.word()));
        TextTable table = new TextTable(2, header);
        counts.forEach((key, count) -> {
            List<String> row = new ArrayList<>(key);
            ORDER.forEach(verdict -> row.add(String.valueOf(count.getOrDefault(verdict, 0))));
            table.add(row);
        });
        table.print(out, style);
        out.println();
    }

    private static String value(Comparison one, double value) {
        if (one.measure().scale() == Scale.POINTS) {
            return Text.percent(value);
        }
        return Text.fixed(value, Math.abs(value) < THOUSAND ? 4 : 0);
    }

    private static String signed(double change) {
        return String.format(Locale.ROOT, "%+.2f", change);
    }
}
