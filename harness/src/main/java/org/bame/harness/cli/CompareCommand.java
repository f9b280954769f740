package org.bame.harness.cli;

import jakarta.inject.Inject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.bame.harness.compare.CompareOptions;
import org.bame.harness.compare.Comparison;
import org.bame.harness.compare.ComparisonReport;
import org.bame.harness.compare.Measure;
import org.bame.harness.compare.ResultsComparison;
import org.bame.harness.compare.ResultsSource;
import org.bame.harness.compare.Tolerances;
import org.bame.harness.config.NearestName;
import org.bame.harness.config.Problems;
import org.bame.harness.results.ComparisonRow;
import org.bame.harness.results.CsvFile;
import org.bame.harness.statistics.Interval;
import org.bame.harness.statistics.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says whether results are better or worse than others, or whether the measurements do not tell. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Compares new results with old ones, or methods within one folder.",
        description = {
            "",
            "Two results folders, or two CSV files of one kind: is AFTER worse than BEFORE? One folder and --methods: how do"
                    + " the others compare with the first method?",
            "A verdict follows from the interval of the change (95 %% by bootstrap over seeds or shapes; p10 and p90 of single"
                    + " times): equal if it lies within the tolerance, better or worse if it lies outside, inconclusive if it"
                    + " does both, or if there is one seed. Costs are exact: of one and the same run any change of more than"
                    + " 0.1 %% is worse."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Compared, and nothing is worse; methods: compared",
            "2:A mistake on the command line or in a file, or nothing to compare",
            "4:A regression: something in AFTER is worse"
        },
        footer = {
            "",
            "Examples:",
            "  ./bame compare results/kernels results-new --tolerance-percent 10",
            "  ./bame compare old/runs.csv new/runs.csv --measures final_top1,final_loss",
            "  ./bame compare results-cifar --methods dense,sr-ste,bame/kappa-lr --table markdown"
        })
final class CompareCommand implements Callable<Integer> {

    private static final List<String> SIDES = List.of("before", "after");
    private static final int MOST_SHOWN = 40;
    private static final String TOLERANCE_POINTS = "--tolerance-points";
    private static final String TOLERANCE_PERCENT = "--tolerance-percent";

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "BEFORE", description = "A results folder, or one of its CSV files.")
    private Path before;

    @Parameters(index = "1", arity = "0..1", paramLabel = "AFTER", description = "The same, newer.")
    private Optional<Path> after;

    @Option(
            names = "--methods",
            split = ",",
            paramLabel = "NAME",
            description = "With one folder: compare the others with the first, variants by their full name. With two: only"
                    + " these methods.")
    private List<String> methods = List.of();

    @Option(names = "--measures", split = ",", paramLabel = "COLUMN", description = "Compare only these columns.")
    private List<String> measures = List.of();

    @Option(
            names = TOLERANCE_POINTS,
            paramLabel = "X",
            defaultValue = "0.5",
            description = "Percentage points of accuracy that mean nothing. Default: ${DEFAULT-VALUE}.")
    private double tolerancePoints;

    @Option(
            names = TOLERANCE_PERCENT,
            paramLabel = "X",
            defaultValue = "5",
            description = "Percent of times, speed-ups and losses that mean nothing. Default: ${DEFAULT-VALUE}.")
    private double tolerancePercent;

    @Option(
            names = "--across-machines",
            description = "Judge times and speed-ups of different processors, too, or of a different number of cores.")
    private boolean acrossMachines;

    @Option(
            names = "--all",
            description = "Of two folders, show equal and inconclusive comparisons, too, and every row that one side lacks.")
    private boolean all;

    @Option(
            names = "--table",
            defaultValue = "text",
            description = "${COMPLETION-CANDIDATES}. How tables are written. Default: ${DEFAULT-VALUE}.")
    private TableStyle table;

    @Option(names = "--csv", paramLabel = "FILE", description = "Write every comparison there as CSV, too.")
    private Optional<Path> csv;

    @Inject
    CompareCommand() {}

    @Override
    public Integer call() {
        CompareOptions options = options();
        ResultsSource old = ResultsSource.read(before);
        ComparisonReport report = after
                .map(path -> ResultsComparison.of(old, ResultsSource.read(path), options))
                .orElseGet(() -> ResultsComparison.ofMethods(old, options));
        PrintWriter out = spec.commandLine().getOut();
        if (after.isPresent()) {
            printRegressions(report, out);
        } else {
            printMethods(report, out);
        }
        csv.ifPresent(file -> CsvFile.replace(
                ComparisonRow.TABLE, file, report.comparisons().stream().map(CompareCommand::row).toList()));
        return after.isPresent() && report.count(Verdict.WORSE) > 0 ? ExitCode.REGRESSION : ExitCode.OK;
    }

    private CompareOptions options() {
        Problems problems = new Problems();
        if (after.isEmpty() && methods.size() < 2) {
            problems.add(
                    "compare",
                    methods.isEmpty() ? "one folder" : "one folder and one method",
                    "two folders, or one and at least two --methods");
        }
        for (String measure : measures) {
            if (!Measure.names().contains(measure)) {
                problems.add(
                        "--measures",
                        "'" + measure + "'",
                        "one of " + String.join(", ", Measure.names()),
                        NearestName.hint(measure, Measure.names()));
            }
        }
        requireTolerance(TOLERANCE_POINTS, tolerancePoints, problems);
        requireTolerance(TOLERANCE_PERCENT, tolerancePercent, problems);
        problems.throwIfAny();
        Set<String> chosen = new HashSet<>(measures);
        return new CompareOptions(
                new Tolerances(tolerancePoints, tolerancePercent), chosen, methods, acrossMachines);
    }

    private static void requireTolerance(String option, double tolerance, Problems problems) {
        if (!(tolerance >= 0) || Double.isInfinite(tolerance)) {
            problems.add(option, String.valueOf(tolerance), "a number of at least 0");
        }
    }

    private void printRegressions(ComparisonReport report, PrintWriter out) {
        out.println("before: " + before);
        out.println("after:  " + after.orElseThrow());
        out.println();
        CompareTables.printEnvironment(report, SIDES, table, out);
        CompareTables.printMissing("before", report.onlyFirst(), all, out);
        CompareTables.printMissing("after", report.onlySecond(), all, out);
        List<Comparison> shown = all ? report.comparisons() : changes(report);
        if (!shown.isEmpty()) {
            CompareTables.printComparisons(shown.stream().limit(all ? shown.size() : MOST_SHOWN).toList(), SIDES, table,
                    out);
        }
        if (!all && shown.size() > MOST_SHOWN) {
            out.println((shown.size() - MOST_SHOWN) + " more changed (--all, --csv FILE)");
            out.println();
        }
        CompareTables.printCounts(report, table, out);
        report.notes().forEach(out::println);
        long worse = report.count(Verdict.WORSE);
        String open = report.count(Verdict.INCONCLUSIVE) > 0 && !all
                ? "; " + report.count(Verdict.INCONCLUSIVE) + " inconclusive (--all shows why)"
                : "";
        out.println((worse == 0 ? "Nothing is worse" : worse + " of " + report.comparisons().size() + " are worse")
                + " beyond " + tolerancePoints + " points, " + tolerancePercent + " %" + open + ".");
    }

    /** What is worse, then what is better. */
    private static List<Comparison> changes(ComparisonReport report) {
        return Stream.of(Verdict.WORSE, Verdict.BETTER)
                .flatMap(verdict -> report.comparisons().stream().filter(one -> one.verdict() == verdict))
                .toList();
    }

    private void printMethods(ComparisonReport report, PrintWriter out) {
        out.println(before + ": methods compared with " + methods.getFirst() + ", paired by seed");
        out.println();
        List<String> sides = List.of(methods.getFirst(), "other");
        CompareTables.printEnvironment(report, sides, table, out);
        CompareTables.printComparisons(report.comparisons(), sides, table, out);
        report.notes().forEach(out::println);
    }

    private static ComparisonRow row(Comparison one) {
        return new ComparisonRow(
                one.kind().fileName(),
                one.subject(),
                one.measure().column(),
                one.count(),
                one.from(),
                one.to(),
                one.change(),
                one.interval().map(Interval::low).orElse(Double.NaN),
                one.interval().map(Interval::high).orElse(Double.NaN),
                one.measure().scale().unit(),
                one.verdict().word(),
                one.reason());
    }
}
