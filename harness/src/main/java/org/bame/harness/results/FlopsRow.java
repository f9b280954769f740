package org.bame.harness.results;

import java.util.Map;
import org.bame.flops.Account;
import org.bame.flops.CostVector;
import org.bame.flops.TrainingCost;

/**
 * A row of what {@code ./bame flops --csv FILE} writes: counted by arithmetic, the same on every machine.
 *
 * @param network name
 * @param dataSet whose extents, classes and number of images it has
 * @param epochs of the training
 * @param batch images of a step
 * @param pattern as in {@code 2:4}, {@code 1:4/g4}, {@code unstructured@0.75} or {@code fan_in@0.9}
 * @param method name, with a variant behind a slash
 * @param phase {@code run} for the whole run, else the part of the run that is counted
 * @param products densities of the three products of the sparse layers, the mean over the steps
 * @param cost ratios over the dense network
 * @param testMacs multiply-accumulates of the deployed forward product of one image
 * @param published training ratios of the whole run that papers publish, with their sources; empty without any
 */
public record FlopsRow(
        String network,
        String dataSet,
        int epochs,
        int batch,
        String pattern,
        String method,
        String phase,
        Map<Account, CostVector> products,
        TrainingCost cost,
        double testMacs,
        String published) {

    /** The file's columns. */
    public static final CsvTable<FlopsRow> TABLE = table();

    private static CsvTable<FlopsRow> table() {
        CsvTable<FlopsRow> table = CsvTable.<FlopsRow>of("flops.csv")
                .keyColumn("network", FlopsRow::network)
                .keyColumn("data_set", FlopsRow::dataSet)
                .keyColumn("epochs", FlopsRow::epochs)
                .keyColumn("batch", FlopsRow::batch)
                .keyColumn("pattern", FlopsRow::pattern)
                .keyColumn("method", FlopsRow::method)
                .keyColumn("phase", FlopsRow::phase)
                .column("train_ratio_paper", row -> row.cost().paper())
                .column("train_ratio_cpu_executed", row -> row.cost().cpuExecuted())
                .column("train_ratio_nm_hardware", row -> row.cost().nmHardware())
                .column("test_ratio", row -> row.cost().test())
                .column("test_macs", FlopsRow::testMacs);
        for (Account account : Account.values()) {
            String prefix = account.columnName();
            table.column(prefix + "_forward_density", row -> row.products().get(account).forward())
                    .column(prefix + "_input_gradient_density", row -> row.products().get(account).inputGradient())
                    .column(prefix + "_weight_gradient_density", row -> row.products().get(account).weightGradient());
        }
        return table.column("published", FlopsRow::published);
    }
}
