package org.bame.harness.cli;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.bame.datasets.files.IoFailure;
import org.bame.harness.flops.CostQuestion;
import org.bame.harness.flops.MethodCost;
import org.bame.harness.results.ResultsException;

/** Writes counted costs as CSV. */
final class FlopsCsv {

    private static final int SCHEMA = 1;

    private FlopsCsv() {}

    static void write(Path file, CostQuestion question, List<MethodCost> costs) {
        try (Writer writer = Files.newBufferedWriter(file);
                CSVPrinter csv = new CSVPrinter(writer, CSVFormat.RFC4180)) {
            csv.printRecord(
                    "schema",
                    "network",
                    "data_set",
                    "epochs",
                    "batch",
                    "pattern",
                    "method",
                    "train_ratio_paper",
                    "train_ratio_cpu_executed",
                    "train_ratio_nm_hardware",
                    "test_ratio",
                    "test_macs");
            for (MethodCost cost : costs) {
                csv.printRecord(
                        SCHEMA,
                        question.network().name(),
                        question.dataSet().name(),
                        question.epochs(),
                        question.batch(),
                        cost.pattern(),
                        cost.method(),
                        cost.cost().paper(),
                        cost.cost().cpuExecuted(),
                        cost.cost().nmHardware(),
                        cost.cost().test(),
                        cost.forwardMacs());
            }
        } catch (IOException e) {
            throw new ResultsException(
                    "Cannot write " + file + ": " + IoFailure.reason(e) + ". Name a file in a writable folder.", e);
        }
    }
}
