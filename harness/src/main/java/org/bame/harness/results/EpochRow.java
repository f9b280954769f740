package org.bame.harness.results;

/**
 * A row of {@code epochs.csv}: one epoch of a run.
 *
 * @param environmentId machine and build
 * @param run whose epoch
 * @param epoch from 1
 * @param trainLoss mean loss of the epoch's steps
 * @param testTop1 share of the test images classified correctly behind the epoch
 * @param trainSeconds training time since the run's start, without evaluation and logging
 * @param trainFlopsPaper floating-point operations since the run's start in the account {@code paper}
 * @param flipRate mean over the sparse layers since the last epoch; NaN without sparse layers
 * @param frozenShare share of the sparse layers' blocks that are frozen; NaN without sparse layers
 * @param learningRate of the epoch's last step
 */
public record EpochRow(
        String environmentId,
        RunKey run,
        int epoch,
        double trainLoss,
        double testTop1,
        double trainSeconds,
        double trainFlopsPaper,
        double flipRate,
        double frozenShare,
        double learningRate) {

    /** The file's columns. */
    public static final CsvTable<EpochRow> TABLE = CsvTable.of("epochs.csv", EpochRow::environmentId)
            .runKey(EpochRow::run)
            .keyColumn("epoch", EpochRow::epoch)
            .column("train_loss", EpochRow::trainLoss)
            .column("test_top1", EpochRow::testTop1)
            .column("train_seconds", EpochRow::trainSeconds)
            .column("train_flops_paper", EpochRow::trainFlopsPaper)
            .column("flip_rate", EpochRow::flipRate)
            .column("frozen_share", EpochRow::frozenShare)
            .column("learning_rate", EpochRow::learningRate);
}
