package org.bame.baselines.lbc;

import org.bame.method.Key;
import org.bame.method.Key.Status;

/**
 * LBC (Zhang et al., NeurIPS 2022, arXiv 2206.06662; code: zyxxmu/LBC; methods.md 5.3). Defaults are those for ResNet. Scores
 * are trained with the run's learning rate and momentum, whatever else its optimizer does to the weights.
 */
public record LbcConfiguration(
        @Key(
                value = "t_i as a fraction of the run, from where candidates are removed",
                status = Status.CODE) double initialFraction,
        @Key(
                value = "t_f as a fraction of the run, from where one candidate a block is left, at least initialFraction: "
                        + "epoch 60 of 120 in the README; the code's own default is 80 of 120",
                status = Status.CODE) double finalFraction,
        @Key(
                value = "exponent of the course in which candidates are removed; 4 for DeiT",
                status = Status.CODE) double exponent,
        @Key(
                value = "whether candidates are removed at the beginning of an epoch, or at any step",
                status = Status.CODE) boolean perEpoch,
        @Key(
                value = "weight decay of the scores: that of the weights",
                status = Status.CODE) double scoreDecay) {

    /** The published values. */
    public static LbcConfiguration defaults() {
        return new LbcConfiguration(0, 0.5, 3, true, 1e-4);
    }
}
