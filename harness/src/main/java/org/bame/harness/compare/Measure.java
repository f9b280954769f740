package org.bame.harness.compare;

import java.util.List;
import java.util.stream.Stream;
import org.bame.harness.statistics.Goal;

/**
 * A column that is compared.
 *
 * @param column name
 * @param scale of its changes
 * @param goal which way is better when something new is compared with something old
 * @param ofMachine whether it says something about the machine, too
 */
public record Measure(String column, Scale scale, Goal goal, boolean ofMachine) {

    /** Finished runs among those with a seed that both sides have. */
    static final Measure STATUS = new Measure("status", Scale.POINTS, Goal.HIGHER, false);

    /** Of runs. */
    static final List<Measure> OF_RUNS = List.of(
            new Measure("final_top1", Scale.POINTS, Goal.HIGHER, false),
            new Measure("final_loss", Scale.PERCENT, Goal.LOWER, false),
            cost("train_ratio_paper"),
            cost("train_ratio_cpu_executed"),
            cost("train_ratio_nm_hardware"),
            cost("test_ratio"),
            cost("density_final"),
            new Measure("train_seconds", Scale.PERCENT, Goal.LOWER, true));

    /** Of different methods: one may well cost less than another, and how many weights are kept is no merit by itself. */
    static final List<Measure> OF_METHODS = OF_RUNS.stream()
            .filter(measure -> !measure.column.equals("density_final"))
            .map(measure -> measure.scale == Scale.COST
                    ? new Measure(measure.column, Scale.COST, Goal.LOWER, false)
                    : measure)
            .toList();

    /** Over our own dense kernels in the same rounds. */
    static final Measure VS_DENSE = new Measure("speedup_vs_dense", Scale.PERCENT, Goal.HIGHER, true);
    /** Over a library measured in the same rounds. */
    static final Measure VS_PEER = new Measure("speedup_vs_peer", Scale.PERCENT, Goal.HIGHER, true);

    /** What a benchmark's rows tell; the first is the time. */
    static List<Measure> ofBenchmark(ResultsKind kind) {
        return switch (kind) {
            case RUNS -> throw new IllegalArgumentException("runs.csv is no benchmark's file");
            case KERNELS -> List.of(time("median_nanos"), VS_DENSE, VS_PEER);
            // A rare mask update shows in the mean alone.
            case STEPS -> List.of(time("mean_nanos"), VS_DENSE, VS_PEER);
            case SCALE, DATA -> List.of(time("median_nanos"));
        };
    }

    /** Names of all columns that can be compared. */
    public static List<String> names() {
        return Stream.concat(
                Stream.concat(Stream.of(STATUS), OF_RUNS.stream()),
                Stream.of(ResultsKind.KERNELS, ResultsKind.STEPS).flatMap(kind -> ofBenchmark(kind).stream()))
                .map(Measure::column)
                .distinct()
                .toList();
    }

    private static Measure cost(String column) {
        return new Measure(column, Scale.COST, Goal.UNCHANGED, false);
    }

    private static Measure time(String column) {
        return new Measure(column, Scale.PERCENT, Goal.LOWER, true);
    }
}
