package org.bame.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.bame.harness.SuiteLoader;
import org.bame.harness.results.ClockSeconds;
import org.bame.harness.results.EnvironmentRow;
import org.bame.harness.results.LayerRow;
import org.bame.harness.results.ResultsFolder;
import org.bame.harness.results.RunRow;
import org.bame.harness.results.RunStatus;
import org.bame.harness.sweep.RunSpec;
import org.bame.harness.sweep.Sweep;
import org.bame.harness.sweep.SweepChanges;
import org.bame.harness.sweep.SweepReader;
import org.bame.sparsity.LayerKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultTableTest {

    private static final int THREADS = 2;
    private static final double TRAIN_SECONDS = 100;
    private static final String BUSY = "runs were taken beside other load";
    private static final String SWEEP = """
            workloads:
              - {dataSet: tiny, network: tiny-net, recipe: quick}
            patterns: ["1:4"]
            methods: [dense, static]
            """;
    private static final String NOT_COMPARED = "There is none (-)";

    @TempDir
    private Path path;

    @Test
    void comparesRunsOfOneEnvironment() {
        String table = table("here", "here", RunStatus.FINISHED, 190);

        assertThat(table).contains("2.00x").doesNotContain(NOT_COMPARED, BUSY);
    }

    @Test
    void comparesNoRunsOfDifferentEnvironments() {
        assertThat(table("here", "there", RunStatus.FINISHED, 190)).doesNotContain("2.00x").contains(NOT_COMPARED);
    }

    @Test
    void comparesNothingWithADivergedRun() {
        assertThat(table("here", "here", RunStatus.DIVERGED, 190)).doesNotContain("2.00x").contains(NOT_COMPARED);
    }

    @Test
    void tellsOfOtherLoad() {
        assertThat(table("here", "here", RunStatus.FINISHED, 110)).contains("Times of 2 of 2 " + BUSY);
        assertThat(LoadHint.of(List.of(), ResultsFolder.open(path))).isEmpty();
    }

    @Test
    void tellsWhoseTimesAreSimulated() {
        assertThat(table("here", "here", RunStatus.FINISHED, 190))
                .contains("Times are executed: every kernel skipped the zeros of its layer");
        Sweep sweep = sweep();
        ResultsFolder.open(path).layers().append(List.of(layer(sweep.runs().getLast())));
        assertThat(print(sweep, TableStyle.TEXT))
                .contains(
                        "Times of static are partly simulated: dense arithmetic ran on zeros of a mask or of a sampled"
                                + " gradient (layers.csv says where); the others' are executed.");
    }

    @Test
    void printsMarkdownForAReadme() {
        String table = table("here", "here", RunStatus.FAILED, 190, TableStyle.MARKDOWN);

        assertThat(table.lines().toList())
                .contains("| method | pattern | seed | top-1 | best | loss: first 50 steps | last epoch |"
                        + " FLOPs/dense: paper | cpu_executed | nm_hardware | train time | images/s | speed-up |")
                .contains("| --- | --- |" + " ---: |".repeat(11))
                .contains("| dense | dense | 1 | failed |" + " - |".repeat(9))
                .anySatisfy(line -> assertThat(line).startsWith(
                        "| static | 1:4 | 1 | 50.0 % | 50.0 % | 2.000 | 1.000 | 1.0000 |"));
    }

    /** Top-1 of 0.5, 0.52 and 0.57: mean 0.53, deviation sqrt((9 + 1 + 16) / 2) points; one seed has none. */
    @Test
    void meansOverSeedsFollowWhereThereAreSeveral() {
        Sweep sweep = new SweepReader(SuiteLoader.load())
                .read("t.yaml", SWEEP + "seeds: [1, 2, 3]\n", SweepChanges.NONE);
        ResultsFolder folder = ResultsFolder.open(path);
        folder.environments().append(List.of(environment("here")));
        double[] top1 = {0.5, 0.52, 0.57};
        for (RunSpec run : sweep.runs()) {
            boolean ended = !run.isDense() || run.seed() == 1;
            folder.runs().append(List.of(row(run, "here", ended ? RunStatus.FINISHED : RunStatus.DIVERGED, 500, 190,
                    top1[(int) run.seed() - 1])));
        }

        String table = print(sweep, TableStyle.TEXT);

        assertThat(table)
                .contains("Mean and standard deviation over the seeds")
                .containsPattern("static +1:4 +3 +53.0 ± 3.6 +\\d\\d.\\d .. \\d\\d.\\d +1.000 ± 0.000 +500 ± 0")
                .containsPattern("dense +dense +1 +50.0 +- +1.000 +500");
    }

    @Test
    void oneSeedHasNoMeans() {
        assertThat(table("here", "here", RunStatus.FINISHED, 190)).doesNotContain("over the seeds");
    }

    private String table(String denseAt, String sparseAt, RunStatus dense, double processCpuSeconds) {
        return table(denseAt, sparseAt, dense, processCpuSeconds, TableStyle.TEXT);
    }

    private String table(
            String denseAt, String sparseAt, RunStatus dense, double processCpuSeconds, TableStyle style) {
        ResultsFolder folder = ResultsFolder.open(path);
        Sweep sweep = sweep();
        for (String id : List.of("here", "there")) {
            folder.environments().append(List.of(environment(id)));
        }
        folder.runs().append(List.of(
                row(sweep.runs().getFirst(), denseAt, dense, 500, processCpuSeconds),
                row(sweep.runs().getLast(), sparseAt, RunStatus.FINISHED, 1000, processCpuSeconds)));
        return print(sweep, style);
    }

    private static Sweep sweep() {
        return new SweepReader(SuiteLoader.load())
                .read(
                        "t.yaml",
                        SWEEP,
                        SweepChanges.NONE);
    }

    private String print(Sweep sweep, TableStyle style) {
        StringWriter out = new StringWriter();
        ResultTable.print(sweep, ResultsFolder.open(path), style, new PrintWriter(out, true));
        return out.toString();
    }

    /** A layer whose weight gradient ran dense on a sample. */
    private static LayerRow layer(RunSpec run) {
        LayerRow.ProductCost executed = new LayerRow.ProductCost(1, 1, 0.25, "executed");
        LayerRow.ProductCost sampled = new LayerRow.ProductCost(1, 4, 1, "simulated");
        return new LayerRow(
                "here", run.key(), "conv", LayerKind.CONV3X3, "shape", "yes", 0.25, 0, 0, 0.25, executed, executed,
                sampled);
    }

    private static EnvironmentRow environment(String id) {
        return new EnvironmentRow(id, "cpu", "", THREADS, THREADS, 0, "", 256, "", "", "", "", "", "", "");
    }

    private static RunRow row(
            RunSpec run, String environmentId, RunStatus status, double imagesPerSecond, double processCpuSeconds) {
        return row(run, environmentId, status, imagesPerSecond, processCpuSeconds, 0.5);
    }

    private static RunRow row(
            RunSpec run,
            String environmentId,
            RunStatus status,
            double imagesPerSecond,
            double processCpuSeconds,
            double top1) {
        ClockSeconds clocks = new ClockSeconds(0, TRAIN_SECONDS, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        return new RunRow(
                environmentId,
                run.key(),
                top1,
                top1,
                2,
                1,
                1,
                1e9,
                1,
                1,
                1,
                1,
                clocks,
                processCpuSeconds,
                imagesPerSecond,
                0,
                1,
                1,
                status);
    }
}
