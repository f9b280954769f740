package org.bame.harness.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.bame.harness.results.CsvTable;
import org.bame.harness.results.DataRow;
import org.bame.harness.results.EnvironmentRow;
import org.bame.harness.results.EpochRow;
import org.bame.harness.results.KernelRow;
import org.bame.harness.results.LayerRow;
import org.bame.harness.results.MaskRow;
import org.bame.harness.results.RecordedFile;
import org.bame.harness.results.RecordedRow;
import org.bame.harness.results.ResultsException;
import org.bame.harness.results.RunRow;
import org.bame.harness.results.RunStatus;
import org.bame.harness.results.ScaleRow;
import org.bame.harness.results.StepRow;

/**
 * What several results folders hold, together. A row that two of them hold counts once, so that a copied seed is not taken for
 * another one.
 *
 * @param folders in the order given
 * @param rows by file name, in the order of the folders
 * @param repeated number of rows left out because an earlier folder has them
 */
record ReportData(List<Path> folders, Map<String, List<RecordedRow>> rows, int repeated) {

    /** What is shown; environments explain it. */
    private static final List<CsvTable<?>> SHOWN = List.of(
            RunRow.TABLE,
            EpochRow.TABLE,
            LayerRow.TABLE,
            MaskRow.TABLE,
            KernelRow.TABLE,
            StepRow.TABLE,
            ScaleRow.TABLE,
            DataRow.TABLE);

    /**
     * Reads all files.
     *
     * @throws ResultsException if a folder holds no rows to show, or a file is damaged
     */
    static ReportData read(List<Path> folders) {
        Map<String, List<RecordedRow>> rows = new LinkedHashMap<>();
        int repeated = 0;
        for (Path folder : folders) {
            requireRows(folder);
        }
        for (CsvTable<?> table : Stream.concat(SHOWN.stream(), Stream.of(EnvironmentRow.TABLE)).toList()) {
            Set<List<String>> keys = new HashSet<>();
            List<RecordedRow> all = new ArrayList<>();
            for (Path folder : folders) {
                for (RecordedRow row : RecordedFile.read(table, folder)) {
                    if (keys.add(row.texts(table.keyColumns()))) {
                        all.add(row);
                    } else if (table != EnvironmentRow.TABLE) {
                        repeated++;
                    }
                }
            }
            rows.put(table.fileName(), all);
        }
        return new ReportData(folders, rows, repeated);
    }

    private static void requireRows(Path folder) {
        if (SHOWN.stream().allMatch(table -> RecordedFile.read(table, folder).isEmpty())) {
            throw new ResultsException(folder + ": got no rows to show, expected at least one in "
                    + String.join(", ", SHOWN.stream().map(CsvTable::fileName).toList())
                    + ". Give the folder that a sweep, run or benchmark was given with --out.");
        }
    }

    /** {@code runs.csv} */
    List<RecordedRow> runs() {
        return of(RunRow.TABLE);
    }

    /** The runs that trained all their epochs. */
    List<RecordedRow> finishedRuns() {
        return runs().stream().filter(row -> row.text("status").equals(RunStatus.FINISHED.columnValue())).toList();
    }

    /** {@code epochs.csv} */
    List<RecordedRow> epochs() {
        return of(EpochRow.TABLE);
    }

    /** {@code layers.csv} */
    List<RecordedRow> layers() {
        return of(LayerRow.TABLE);
    }

    /** {@code masks.csv} */
    List<RecordedRow> masks() {
        return of(MaskRow.TABLE);
    }

    /** {@code kernels.csv} */
    List<RecordedRow> kernels() {
        return of(KernelRow.TABLE);
    }

    /** {@code steps.csv} */
    List<RecordedRow> steps() {
        return of(StepRow.TABLE);
    }

    /** {@code scale.csv} */
    List<RecordedRow> scale() {
        return of(ScaleRow.TABLE);
    }

    /** {@code data.csv} */
    List<RecordedRow> data() {
        return of(DataRow.TABLE);
    }

    /** {@code environments.csv} */
    List<RecordedRow> environments() {
        return of(EnvironmentRow.TABLE);
    }

    private List<RecordedRow> of(CsvTable<?> table) {
        return rows.get(table.fileName());
    }
}
