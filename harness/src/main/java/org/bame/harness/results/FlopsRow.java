package org.bame.harness.results;

import org.bame.flops.TrainingCost;

/**
 * A row of what {@code ./bame flops --csv FILE} writes: counted by arithmetic, the same on every machine.
 *
 * @param network name
 * @param dataSet whose extents, classes and number of images it has
 * @param epochs of the training
 * @param batch images of a step
 * @param pattern as in {@code 2:4}, {@code 1:4/g4}, {@code unstructured@0.75} or {@code fan_in@0.9}
 * @param method name
 * @param cost ratios over the dense network
 * @param testMacs multiply-accumulates of the deployed forward product of one image
 */
public record FlopsRow(
        String network,
        String dataSet,
        int epochs,
        int batch,
        String pattern,
        String method,
        TrainingCost cost,
        double testMacs) {

    /** The file's columns. */
    public static final CsvTable<FlopsRow> TABLE = CsvTable.<FlopsRow>of("flops.csv")
            .keyColumn("network", FlopsRow::network)
            .keyColumn("data_set", FlopsRow::dataSet)
            .keyColumn("epochs", FlopsRow::epochs)
            .keyColumn("batch", FlopsRow::batch)
            .keyColumn("pattern", FlopsRow::pattern)
            .keyColumn("method", FlopsRow::method)
            .column("train_ratio_paper", row -> row.cost().paper())
            .column("train_ratio_cpu_executed", row -> row.cost().cpuExecuted())
            .column("train_ratio_nm_hardware", row -> row.cost().nmHardware())
            .column("test_ratio", row -> row.cost().test())
            .column("test_macs", FlopsRow::testMacs);
}
