package org.bame.harness.results;

import org.bame.method.Adaptation;

/**
 * A row of {@code masks.csv}: one mask adaptation of one layer.
 *
 * @param environmentId machine and build
 * @param run whose adaptation
 * @param adaptation what changed
 */
public record MaskRow(String environmentId, RunKey run, Adaptation adaptation) {

    private static final double NANOS = 1e9;

    /** The file's columns. */
    public static final CsvTable<MaskRow> TABLE = CsvTable.of("masks.csv", MaskRow::environmentId)
            .runKey(MaskRow::run)
            .keyColumn("layer", row -> row.adaptation().layer())
            .keyColumn("step", row -> row.adaptation().step())
            .column("swaps", row -> row.adaptation().swaps())
            .column("reversals", row -> row.adaptation().reversals())
            .column("flip_rate", row -> row.adaptation().flipRate())
            .column("frozen_share", row -> row.adaptation().frozenShare())
            .column("ever_active_share", row -> row.adaptation().everActiveShare())
            .column("predicted_loss_change", row -> row.adaptation().predictedLossChange())
            .column("measured_loss_change", row -> row.adaptation().measuredLossChange())
            .column("adaptation_seconds", row -> row.adaptation().elapsedNanos() / NANOS);
}
