package org.bame.method;

/**
 * One mask adaptation of one layer (a row of {@code masks.csv}).
 *
 * @param layer name
 * @param step optimizer step
 * @param swaps pairs of weights exchanged
 * @param reversals revived weights that an earlier adaptation had pruned
 * @param flipRate share of the weights whose mask bit changed
 * @param frozenShare share of the blocks frozen after this adaptation
 * @param everActiveShare share of the weights kept at any time so far
 * @param predictedLossChange first-order prediction, summed over the accepted swaps
 * @param elapsedNanos time of the adaptation
 * @param measuredLossChange loss of the step's minibatch with this layer's swaps as they were predicted, less the loss
 *     without any; NaN if it was not measured
 */
public record Adaptation(
        String layer,
        long step,
        int swaps,
        int reversals,
        double flipRate,
        double frozenShare,
        double everActiveShare,
        double predictedLossChange,
        long elapsedNanos,
        double measuredLossChange) {

    /** An adaptation whose loss change was not measured. */
    public Adaptation(
            String layer,
            long step,
            int swaps,
            int reversals,
            double flipRate,
            double frozenShare,
            double everActiveShare,
            double predictedLossChange,
            long elapsedNanos) {
        this(
                layer,
                step,
                swaps,
                reversals,
                flipRate,
                frozenShare,
                everActiveShare,
                predictedLossChange,
                elapsedNanos,
                Double.NaN);
    }
}
