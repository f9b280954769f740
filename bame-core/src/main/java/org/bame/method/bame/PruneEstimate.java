package org.bame.method.bame;

/**
 * What pruning a weight is taken to cost (methods.md 4.2).
 *
 * @param score which estimate
 */
record PruneEstimate(BameConfiguration.PruneScore score) {

    /** Orders victims: the smallest goes first. */
    double rank(double g, double w) {
        return switch (score) {
            case ABS_SALIENCY -> Math.abs(g * w);
            case SIGNED -> -g * w;
            case MAGNITUDE -> Math.abs(w);
        };
    }

    /** Expected change of the loss. */
    double loss(double g, double w) {
        double saliency = g * w;
        return score == BameConfiguration.PruneScore.SIGNED ? -saliency : Math.abs(saliency);
    }
}
