package org.bame.datasets.pipeline;

/** What the prefetching thread hands over: a batch, or the reason why there is none. */
sealed interface Delivery permits ImageBatch, Delivery.Failure {

    /**
     * The end of a stream that went wrong.
     *
     * @param cause what was thrown while the batch was made
     */
    record Failure(Throwable cause) implements Delivery {}
}
