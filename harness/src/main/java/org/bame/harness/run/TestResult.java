package org.bame.harness.run;

/**
 * What an evaluation found.
 *
 * @param top1 share of the predictions that are right
 * @param loss mean cross-entropy of a prediction in nats, without label smoothing
 */
public record TestResult(double top1, double loss) {

    /** The loss in bits: of a text, what a character costs. */
    public double bits() {
        return loss / Math.log(2);
    }
}
