package org.bame.harness.results;

/**
 * A row of {@code runs.csv}: a finished run.
 *
 * @param environmentId machine and build
 * @param run which
 * @param finalTop1 share of the test images classified correctly at the end
 * @param bestTop1 the best epoch's share
 * @param firstLoss mean training loss of the run's first 50 steps
 * @param finalLoss mean training loss of the last epoch
 * @param epochs trained, of all the method's cycles
 * @param trainFlopsPaper floating-point operations of the training in the account {@code paper} (2 a
 *     multiply-accumulate)
 * @param trainRatioPaper training cost over a dense run's, by the papers' cost vectors
 * @param trainRatioCpuExecuted the same, counted by the kernels that ran
 * @param trainRatioNmHardware the same, of what N:M tensor cores could skip
 * @param testRatio cost of the deployed forward product over the dense one's
 * @param clocks where the time went
 * @param processCpuSeconds processor time that the process got during the training, all its threads together; where it
 *     is far below training time times threads, something else was using the processors. NaN if the system does not
 *     tell
 * @param imagesPerSecond training images per second of training time
 * @param peakMemoryBytes largest resident memory of the process during the run
 * @param densityFinal kept share of the sparse layers' weights at the end
 * @param densityBest the same at the epoch of {@code bestTop1}
 * @param status how it ended
 */
public record RunRow(
        String environmentId,
        RunKey run,
        double finalTop1,
        double bestTop1,
        double firstLoss,
        double finalLoss,
        int epochs,
        double trainFlopsPaper,
        double trainRatioPaper,
        double trainRatioCpuExecuted,
        double trainRatioNmHardware,
        double testRatio,
        ClockSeconds clocks,
        double processCpuSeconds,
        double imagesPerSecond,
        long peakMemoryBytes,
        double densityFinal,
        double densityBest,
        RunStatus status) {

    /** The file's columns. */
    public static final CsvTable<RunRow> TABLE = CsvTable.of("runs.csv", RunRow::environmentId)
            .runKey(RunRow::run)
            .column("final_top1", RunRow::finalTop1)
            .column("best_top1", RunRow::bestTop1)
            .column("first_loss", RunRow::firstLoss)
            .column("final_loss", RunRow::finalLoss)
            .column("epochs", RunRow::epochs)
            .column("train_flops_paper", RunRow::trainFlopsPaper)
            .column("train_ratio_paper", RunRow::trainRatioPaper)
            .column("train_ratio_cpu_executed", RunRow::trainRatioCpuExecuted)
            .column("train_ratio_nm_hardware", RunRow::trainRatioNmHardware)
            .column("test_ratio", RunRow::testRatio)
            .column("train_seconds", row -> row.clocks().training())
            .column("data_wait_seconds", row -> row.clocks().dataWait())
            .column("forward_seconds", row -> row.clocks().forward())
            .column("input_gradient_seconds", row -> row.clocks().inputGradient())
            .column("weight_gradient_seconds", row -> row.clocks().weightGradient())
            .column("element_wise_seconds", row -> row.clocks().elementWise())
            .column("mask_work_seconds", row -> row.clocks().maskWork())
            .column("optimizer_seconds", row -> row.clocks().optimizer())
            .column("framework_seconds", row -> row.clocks().framework())
            .column("evaluation_seconds", row -> row.clocks().evaluation())
            .column("loss_probe_seconds", row -> row.clocks().lossProbe())
            .column("logging_seconds", row -> row.clocks().logging())
            .column("process_cpu_seconds", RunRow::processCpuSeconds)
            .column("images_per_second", RunRow::imagesPerSecond)
            .column("peak_memory_bytes", RunRow::peakMemoryBytes)
            .column("density_final", RunRow::densityFinal)
            .column("density_best", RunRow::densityBest)
            .column("status", row -> row.status().columnValue());
}
