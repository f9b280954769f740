package org.bame.harness.results;

import org.bame.sparsity.LayerKind;

/**
 * A row of {@code layers.csv}: one weighted layer of a finished run.
 *
 * @param environmentId machine and build
 * @param run whose layer
 * @param layer name
 * @param kind what it is in the network
 * @param shape of the weights, outputs x kernel height x kernel width x inputs
 * @param sparsifiable why it is made sparse or not
 * @param density kept share of its weights at the end
 * @param flipRate share (0 to 1) of its weights whose mask bit changes at a mask update: the mean over the run's
 *     updates, 0 without any; NaN if it has no mask
 * @param frozenShare share (0 to 1) of its blocks that are frozen at the end; NaN if it has no mask
 * @param everActiveShare share (0 to 1) of its weights that the mask kept at any time of the run; NaN if it has no mask
 * @param forward Y = W X
 * @param inputGradient dX = W^T dY
 * @param weightGradient dW = dY X^T
 */
public record LayerRow(
        String environmentId,
        RunKey run,
        String layer,
        LayerKind kind,
        String shape,
        String sparsifiable,
        double density,
        double flipRate,
        double frozenShare,
        double everActiveShare,
        ProductCost forward,
        ProductCost inputGradient,
        ProductCost weightGradient) {

    /**
     * What one product cost over the whole run.
     *
     * @param seconds time in its kernel
     * @param macs multiply-accumulates that the kernel counted
     * @param density of the product over the whole run: these multiply-accumulates over those of dense kernels on the same
     *        steps; NaN if it never ran
     * @param mode {@code executed} if the kernel skipped zeros or there were none, {@code simulated} if masked dense
     *        arithmetic ran, or at any step a dense product on a sampled dY
     */
    public record ProductCost(double seconds, long macs, double density, String mode) {}

    /** The file's columns. */
    public static final CsvTable<LayerRow> TABLE = CsvTable.of("layers.csv", LayerRow::environmentId)
            .runKey(LayerRow::run)
            .keyColumn("layer", LayerRow::layer)
            .column("kind", row -> row.kind().columnName())
            .column("shape", LayerRow::shape)
            .column("sparsifiable", LayerRow::sparsifiable)
            .column("density", LayerRow::density)
            .column("flip_rate", LayerRow::flipRate)
            .column("frozen_share", LayerRow::frozenShare)
            .column("ever_active_share", LayerRow::everActiveShare)
            .column("forward_seconds", row -> row.forward().seconds())
            .column("forward_macs", row -> row.forward().macs())
            .column("forward_density", row -> row.forward().density())
            .column("forward_mode", row -> row.forward().mode())
            .column("input_gradient_seconds", row -> row.inputGradient().seconds())
            .column("input_gradient_macs", row -> row.inputGradient().macs())
            .column("input_gradient_density", row -> row.inputGradient().density())
            .column("input_gradient_mode", row -> row.inputGradient().mode())
            .column("weight_gradient_seconds", row -> row.weightGradient().seconds())
            .column("weight_gradient_macs", row -> row.weightGradient().macs())
            .column("weight_gradient_density", row -> row.weightGradient().density())
            .column("weight_gradient_mode", row -> row.weightGradient().mode());
}
