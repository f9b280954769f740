package org.bame.datasets.pipeline;

/**
 * Makes the batches of one epoch. Called from one thread at a time, the prefetching one; what it writes for a batch
 * must depend on the batch's index alone. The stream closes it when it makes no more batches.
 */
public interface BatchSource extends AutoCloseable {

    /** The first batch that is wanted, from 0. */
    int firstBatch();

    /** One past the last batch of the epoch. */
    int endBatch();

    /**
     * Writes a batch: {@link ImageBatch#features()}, {@link ImageBatch#labels()} and, through {@link ImageBatch#fill},
     * how many images it holds.
     *
     * @param batch index of the batch, {@code firstBatch() .. endBatch() - 1}
     * @param target the buffer to write into; its old content is of no meaning
     * @throws Exception whatever stops the batch from being made; the training thread gets it as the cause of a
     *         {@link org.bame.datasets.DataSetException}
     */
    void write(int batch, ImageBatch target) throws Exception;

    /** Releases what was opened to make batches; nothing unless overridden. */
    @Override
    default void close() {}
}
