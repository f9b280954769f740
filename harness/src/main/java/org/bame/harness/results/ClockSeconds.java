package org.bame.harness.results;

/**
 * Where a run's time went, in seconds since its start. Training time is everything but evaluation, loss probes and logging.
 *
 * @param dataWait waiting for the next batch, and copying it
 * @param forward forward products
 * @param inputGradient input-gradient products
 * @param weightGradient weight-gradient products
 * @param elementWise normalisations, activations, additions, pooling, loss
 * @param maskWork methods' hooks and mask updates
 * @param optimizer the update of the weights
 * @param framework what a training step spends between these: the graph's bookkeeping
 * @param evaluation measuring accuracy on the test images
 * @param lossProbe measuring what mask adaptations do to the loss
 * @param logging writing rows and checkpoints
 */
public record ClockSeconds(
        double dataWait,
        double forward,
        double inputGradient,
        double weightGradient,
        double elementWise,
        double maskWork,
        double optimizer,
        double framework,
        double evaluation,
        double lossProbe,
        double logging) {

    /** Training time. */
    public double training() {
        return dataWait + forward + inputGradient + weightGradient + elementWise + maskWork + optimizer + framework;
    }
}
