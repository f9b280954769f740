package org.bame.layer;

import java.util.Locale;

/** What time is spent on. Every nanosecond of a training step belongs to exactly one clock; evaluation and loss probes
 * are no training time. */
public enum Clock {
    /** Waiting for the next minibatch; added by whoever reads the data. */
    DATA_WAIT,
    /** The products Y = W X, with the statistics of the normalisation behind; and attention. */
    FORWARD,
    /** The products dX = W^T dY, and the gradient of attention. */
    INPUT_GRADIENT,
    /** The products dW = dY X^T. */
    WEIGHT_GRADIENT,
    /** The rest of normalisation, activations, shortcuts, pooling, bias, sums of gradients, and copies between layouts. */
    ELEMENT_WISE,
    /**
     * The training method: plans, samples of output gradients, gradient changes, mask updates; not what only shows what
     * these do ({@link #LOSS_PROBE}).
     */
    MASK_WORK,
    /** The update of the parameters. */
    OPTIMIZER,
    /** Inference; no training time. */
    EVALUATION,
    /**
     * Losses that the training method measures to show what it does: the forward passes, and the changes of weights made for
     * them and undone. The run would be the same without; no training time.
     */
    LOSS_PROBE,
    /** The rest of a training step: the framework's own work, and the loss. */
    OTHER;

    /** Whether this clock is part of the training time. */
    public boolean training() {
        return this != EVALUATION && this != LOSS_PROBE;
    }

    /** Name in CSV columns, for example {@code mask_work}. */
    public String columnName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
