package org.bame.baselines.lbc;

/**
 * LBC (Zhang et al., NeurIPS 2022). Defaults are those of its README and code for ResNet. Fractions are of the run. Scores are
 * trained with the run's learning rate and momentum, whatever else its optimizer does to the weights.
 *
 * @param initialFraction t_i: where candidates begin to be removed (0; CODE)
 * @param finalFraction t_f: from where one a block is left, at least {@code initialFraction} (0.5: epoch 60 of 120 in the
 *     README; the code's own default is 80 of 120, 0.667; CODE)
 * @param exponent of the course between the two (3; CODE; 4 for DeiT)
 * @param perEpoch whether candidates are removed at the beginning of an epoch (true; CODE), or at any step
 * @param scoreDecay weight decay of the scores (1e-4; CODE: that of the weights)
 */
public record LbcConfiguration(
        double initialFraction, double finalFraction, double exponent, boolean perEpoch, double scoreDecay) {

    /** The published values. */
    public static LbcConfiguration defaults() {
        return new LbcConfiguration(0, 0.5, 3, true, 1e-4);
    }
}
