package org.bame.method;

/**
 * Where a run stands.
 *
 * @param index optimizer steps already taken, from 0
 * @param total steps of the whole run
 * @param perEpoch steps of an epoch
 * @param learningRate rate of this step
 */
public record Step(long index, long total, int perEpoch, double learningRate) {
    /** Epochs already finished, with fraction. */
    public double epoch() {
        return (double) index / perEpoch;
    }

    /** Fraction of the run already done, in [0, 1]. */
    public double progress() {
        return (double) index / total;
    }
}
