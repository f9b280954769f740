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
                        """
                        workloads:
                          - {dataSet: tiny, network: tiny-net, recipe: quick}
                        patterns: ["1:4"]
                        methods: [dense, static]
                        """,
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
        ClockSeconds clocks = new ClockSeconds(0, TRAIN_SECONDS, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        return new RunRow(
                environmentId,
                run.key(),
                0.5,
                0.5,
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
