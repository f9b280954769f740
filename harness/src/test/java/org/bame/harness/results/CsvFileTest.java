package org.bame.harness.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bame.method.Adaptation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvFileTest {

    private static final RunKey RUN = new RunKey("run-1", "w, \"quoted\"", "d", "n", "bame", "1:4", 3);

    @TempDir
    private Path folder;

    @Test
    void writesHeaderAndRowsOfTheDocumentedColumns() throws IOException {
        ResultsFolder results = ResultsFolder.open(folder);
        results.epochs().append(List.of(epoch(RUN, 1, 0.5)));

        List<String> lines = Files.readAllLines(folder.resolve("epochs.csv"));
        assertThat(lines)
                .containsExactly(
                        "schema,environment_id,run_id,workload,data_set,network,method,pattern,seed,epoch,train_loss,test_top1,"
                                + "train_seconds,train_flops_paper,flip_rate,frozen_share,learning_rate",
                        "4,env,run-1,\"w, \"\"quoted\"\"\",d,n,bame,1:4,3,1,2.0,0.5,10.0,1.0E9,,0.25,0.1");
        assertThat(RunRow.TABLE.header())
                .startsWith("schema", "environment_id", "run_id", "workload", "data_set", "network", "method",
                        "pattern")
                .contains("train_ratio_cpu_executed", "forward_seconds", "mask_work_seconds", "loss_probe_seconds",
                        "logging_seconds")
                .endsWith("images_per_second", "peak_memory_bytes", "density_final", "density_best", "status");
    }

    @Test
    void readsBackWhatItWrote() {
        CsvFile<EpochRow> file = ResultsFolder.open(folder).epochs();
        file.append(List.of(epoch(RUN, 1, 0.5), epoch(RUN, 2, 0.625)));

        List<Map<String, String>> rows = rows(file);
        assertThat(rows).extracting(row -> row.get("workload")).containsOnly("w, \"quoted\"");
        assertThat(rows).extracting(row -> Double.parseDouble(row.get("test_top1"))).containsExactly(0.5, 0.625);
    }

    @Test
    void leavesOutRowsWhoseKeyIsThere() {
        CsvFile<EpochRow> file = ResultsFolder.open(folder).epochs();

        assertThat(file.append(List.of(epoch(RUN, 1, 0.5), epoch(RUN, 1, 0.7)))).isEqualTo(1);
        assertThat(file.append(List.of(epoch(RUN, 1, 0.9), epoch(RUN, 2, 0.6)))).isEqualTo(1);
        assertThat(rows(file)).extracting(row -> row.get("test_top1")).containsExactly("0.5", "0.6");
    }

    @Test
    void keysMasksByRunLayerAndStep() {
        CsvFile<MaskRow> file = ResultsFolder.open(folder).masks();
        Adaptation first = new Adaptation("conv1", 100, 4, 1, 0.01, 0, 0.3, -0.5, 2_000_000_000L);
        Adaptation other = new Adaptation("conv2", 100, 4, 1, 0.01, 0, 0.3, -0.5, 1);

        file.append(List.of(mask(first), mask(other), mask(first)));

        assertThat(rows(file)).hasSize(2).first().satisfies(row -> {
            assertThat(row).containsEntry("layer", "conv1").containsEntry("adaptation_seconds", "2.0");
            assertThat(row).containsEntry("measured_loss_change", "").containsEntry("predicted_loss_change", "-0.5");
        });
    }

    @Test
    void twoWritersDamageNothing() throws Exception {
        int writers = 4;
        int epochs = 25;
        List<Future<?>> done = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
            for (int writer = 0; writer < writers; writer++) {
                // Two writers for each of two runs: every row is offered twice.
                RunKey run = new RunKey("run-" + writer % 2, "w", "d", "n", "m", "1:4", 1);
                CsvFile<EpochRow> file = ResultsFolder.open(folder).epochs();
                done.add(threads.submit(() -> {
                    for (int epoch = 1; epoch <= epochs; epoch++) {
                        file.append(List.of(epoch(run, epoch, 0.5)));
                    }
                }));
            }
        }
        for (Future<?> future : done) {
            future.get();
        }

        List<Map<String, String>> rows = rows(ResultsFolder.open(folder).epochs());
        assertThat(rows).hasSize(2 * epochs);
        assertThat(rows).extracting(row -> row.get("run_id") + row.get("epoch")).doesNotHaveDuplicates();
    }

    /** Old rows are overwritten in place: with keys that come again, and of another version, which a reader refuses. */
    @Test
    void anAppendDoesNotReadAgainWhatItKnows() throws IOException {
        CsvFile<EpochRow> file = ResultsFolder.open(folder).epochs();
        file.append(List.of(epoch(RUN, 1, 0.5), epoch(RUN, 2, 0.5), epoch(RUN, 3, 0.5)));
        String text = Files.readString(file.path());
        Files.writeString(file.path(), text.replaceFirst("4,env(.*),3,1,2.0", "3,env$1,3,8,2.0"));
        assertThatThrownBy(() -> rows(file)).hasMessageContaining("got schema 3 in line 2");

        assertThat(file.append(List.of(epoch(RUN, 1, 0.5), epoch(RUN, 4, 0.5)))).isEqualTo(1);

        Files.writeString(file.path(), Files.readString(file.path()).replaceFirst("3,env(.*),3,8,2.0",
                "4,env$1,3,1,2.0"));
        assertThat(rows(file)).extracting(row -> row.get("epoch")).containsExactly("1", "2", "3", "4");
    }

    @Test
    void anAppendSeesWhatOthersAppendedInBetween() throws IOException {
        CsvFile<EpochRow> file = ResultsFolder.open(folder).epochs();
        CsvFile<EpochRow> other = ResultsFolder.open(folder).epochs();
        file.append(List.of(epoch(RUN, 1, 0.5)));
        other.append(List.of(epoch(RUN, 2, 0.6), epoch(RUN, 3, 0.6)));

        assertThat(file.append(List.of(epoch(RUN, 2, 0.5), epoch(RUN, 3, 0.5), epoch(RUN, 4, 0.5)))).isEqualTo(1);
        assertThat(other.append(List.of(epoch(RUN, 4, 0.6), epoch(RUN, 1, 0.6)))).isZero();
        assertThat(rows(file)).extracting(row -> row.get("epoch") + " " + row.get("test_top1"))
                .containsExactly("1 0.5", "2 0.6", "3 0.6", "4 0.5");

        // By another version of the program.
        String line = Files.readAllLines(file.path()).getLast();
        Files.writeString(file.path(), line.replaceFirst("^4,", "3,") + "\r\n", StandardOpenOption.APPEND);
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(() -> file.append(List.of(epoch(RUN, 5, 0.5))))
                    .isInstanceOf(ResultsException.class)
                    .hasMessageContaining("got schema 3 in line 6, expected schema 4");
        }
    }

    @Test
    void anAppendSeesThatTheFileIsAnotherOne() throws IOException {
        CsvFile<EpochRow> file = ResultsFolder.open(folder).epochs();
        file.append(List.of(epoch(RUN, 1, 0.5), epoch(RUN, 2, 0.5)));
        // A user took out a row, and another process goes on: the file ends behind where it did.
        List<String> lines = new ArrayList<>(Files.readAllLines(file.path()));
        lines.remove(1);
        Files.writeString(file.path(), String.join("\r\n", lines) + "\r\n");
        ResultsFolder.open(folder).epochs().append(List.of(epoch(RUN, 3, 0.6), epoch(RUN, 4, 0.6)));
        assertThat(file.append(List.of(epoch(RUN, 1, 0.7), epoch(RUN, 2, 0.7), epoch(RUN, 3, 0.7)))).isEqualTo(1);
        assertThat(rows(file)).extracting(row -> row.get("epoch")).containsExactly("2", "3", "4", "1");

        Files.delete(file.path());
        assertThat(file.append(List.of(epoch(RUN, 1, 0.8)))).isEqualTo(1);
        assertThat(rows(ResultsFolder.open(folder).epochs())).hasSize(1);
    }

    @Test
    void cutsOffATornLastLine() throws IOException {
        CsvFile<EpochRow> file = ResultsFolder.open(folder).epochs();
        file.append(List.of(epoch(RUN, 1, 0.5)));
        Files.writeString(file.path(), "1,env,run-1,\"w, ", StandardOpenOption.APPEND);

        file.append(List.of(epoch(RUN, 2, 0.6)));

        assertThat(rows(file)).extracting(row -> row.get("epoch")).containsExactly("1", "2");
    }

    @Test
    void readsPastATornLastLine() throws IOException {
        CsvFile<EpochRow> file = ResultsFolder.open(folder).epochs();
        file.append(List.of(epoch(RUN, 1, 0.5)));
        // An open quote, over which a parser stumbles.
        Files.writeString(file.path(), "1,env,run-1,\"w, ", StandardOpenOption.APPEND);

        assertThat(rows(ResultsFolder.open(folder).epochs())).hasSize(1);
    }

    @Test
    void aTornHeaderIsWrittenAnew() throws IOException {
        Files.writeString(folder.resolve("epochs.csv"), "schema,environ");

        CsvFile<EpochRow> file = ResultsFolder.open(folder).epochs();
        assertThat(rows(file)).isEmpty();
        file.append(List.of(epoch(RUN, 1, 0.5)));

        assertThat(rows(file)).hasSize(1);
    }

    @Test
    void namesAFileThatCannotBeRead() throws IOException {
        Files.createDirectory(folder.resolve("runs.csv"));

        assertThatThrownBy(() -> ResultsFolder.open(folder))
                .isInstanceOf(ResultsException.class)
                .hasMessageContaining("Cannot read " + folder.resolve("runs.csv"))
                .hasMessageContaining("--out");
    }

    @Test
    void refusesAFileWithOtherColumns() throws IOException {
        Files.writeString(folder.resolve("runs.csv"), "run_id,top1\r\na,0.5\r\n");

        assertThatThrownBy(() -> ResultsFolder.open(folder))
                .isInstanceOf(ResultsException.class)
                .hasMessageContaining("runs.csv has other columns")
                .hasMessageContaining("got run_id,top1")
                .hasMessageContaining("--out");
    }

    @Test
    void refusesAFileOfAnotherVersionThoughItsColumnsHaveTheSameNames() throws IOException {
        CsvFile<EpochRow> file = ResultsFolder.open(folder).epochs();
        file.append(List.of(epoch(RUN, 1, 0.5), epoch(RUN, 2, 0.5)));
        List<String> lines = Files.readAllLines(file.path());
        lines.set(2, lines.get(2).replaceFirst("^4,", "3,"));
        Files.write(file.path(), lines);

        assertThatThrownBy(() -> ResultsFolder.open(folder))
                .isInstanceOf(ResultsException.class)
                .hasMessageContaining(
                        "epochs.csv has rows of another version: got schema 3 in line 3, expected schema 4")
                .hasMessageContaining("--out");
        assertThatThrownBy(() -> file.append(List.of(epoch(RUN, 3, 0.5)))).isInstanceOf(ResultsException.class);
    }

    @Test
    void passesOverADamagedRow() throws IOException {
        CsvFile<EpochRow> file = ResultsFolder.open(folder).epochs();
        file.append(List.of(epoch(RUN, 1, 0.5), epoch(RUN, 2, 0.5)));
        List<String> lines = Files.readAllLines(file.path());
        lines.set(1, "4,env");
        Files.write(file.path(), lines);

        assertThat(rows(ResultsFolder.open(folder).epochs())).extracting(row -> row.get("epoch")).containsExactly("2");
    }

    @Test
    void givesARunToOneHolderAtATime() {
        ResultsFolder results = ResultsFolder.open(folder);
        try (RunLock held = results.tryLock("run-1").orElseThrow()) {
            assertThat(results.tryLock("run-1")).isEmpty();
            assertThat(ResultsFolder.open(folder).tryLock("run-1")).isEmpty();
            results.tryLock("run-2").orElseThrow().close();
            assertThat(held).isNotNull();
        }
        results.tryLock("run-1").orElseThrow().close();
    }

    private static MaskRow mask(Adaptation adaptation) {
        return new MaskRow("env", RUN, adaptation);
    }

    private static EpochRow epoch(RunKey run, int epoch, double top1) {
        return new EpochRow("env", run, epoch, 2.0, top1, 10, 1e9, Double.NaN, 0.25, 0.1);
    }

    private static List<Map<String, String>> rows(CsvFile<?> file) {
        List<Map<String, String>> rows = new ArrayList<>();
        file.forEachRow(rows::add);
        return rows;
    }
}
