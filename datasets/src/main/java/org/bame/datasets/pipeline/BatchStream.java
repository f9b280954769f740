package org.bame.datasets.pipeline;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.bame.datasets.ChannelStatistics;
import org.bame.datasets.DataSetException;
import org.bame.datasets.LabelledImages;

/**
 * The batches of one epoch, made ahead of time by one daemon thread. {@link #next} hands them out in order; close each
 * batch when it has been read, and the stream at the end or whenever no more are wanted. For one consuming thread.
 *
 * <pre>{@code
 * BatchBuffers buffers = new BatchBuffers(data.shape(), 128);
 * BatchPlan plan = BatchPlan.training(128, Augmentation.PAD_CROP_FLIP, seed, epoch);
 * try (BatchStream batches = BatchStream.open(data.train(), data.statistics(), plan, buffers)) {
 *     while (batches.hasNext()) {
 *         try (ImageBatch batch = batches.next()) {
 *             train(batch);
 *         }
 *     }
 * }
 * }</pre>
 */
public final class BatchStream implements Iterator<ImageBatch>, AutoCloseable {

    private final BatchSource source;
    private final BatchBuffers buffers;
    private final int firstBatch;
    private final int endBatch;
    private final BlockingQueue<Delivery> ready;
    private final Thread producer;
    private volatile boolean stopped;
    private boolean closed;
    private int nextBatch;
    private DataSetException failure;

    private BatchStream(BatchSource source, BatchBuffers buffers) {
        this.source = source;
        this.buffers = buffers;
        this.firstBatch = source.firstBatch();
        this.endBatch = source.endBatch();
        this.nextBatch = firstBatch;
        // Room for every buffer and one failure, so that the producer never waits to deliver.
        this.ready = new ArrayBlockingQueue<>(buffers.count() + 1);
        this.producer = Thread.ofPlatform().daemon().name("bame-prefetch").unstarted(this::produce);
    }

    /**
     * Starts making the batches that a plan asks for.
     *
     * @param images the images
     * @param statistics normalises them: one mean and deviation a channel
     * @param plan which images, in which order, with which augmentation
     * @param buffers room for at least {@code plan.batchSize()} images of the same shape
     * @throws IllegalArgumentException if the plan has no batch, or starts behind the last one, or the buffers do not
     *         fit
     * @throws IllegalStateException if the buffers serve another open stream
     */
    public static BatchStream open(LabelledImages images, ChannelStatistics statistics, BatchPlan plan,
            BatchBuffers buffers) {
        if (!buffers.shape().equals(images.shape()) || buffers.capacity() < plan.batchSize()) {
            throw new IllegalArgumentException("Batches of " + plan.batchSize() + " images of " + images.shape()
                    + " do not fit buffers for " + buffers.capacity() + " images of " + buffers.shape() + ".");
        }
        return open(new EpochSource(images, statistics, plan), buffers);
    }

    /**
     * Starts making batches from any source.
     *
     * @throws IllegalStateException if the buffers serve another open stream
     */
    public static BatchStream open(BatchSource source, BatchBuffers buffers) {
        BatchStream stream = new BatchStream(source, buffers);
        buffers.attach();
        stream.producer.start();
        return stream;
    }

    /** Whether a batch is left, made or not. */
    @Override
    public boolean hasNext() {
        return !closed && nextBatch < endBatch;
    }

    /**
     * The next batch, waiting for it if need be. Whoever measures data waits measures the time of this call.
     *
     * @throws NoSuchElementException at the end of the epoch, or when this stream is closed
     * @throws DataSetException if the batch could not be made; its cause is what went wrong on the prefetching thread
     * @throws IllegalStateException if the caller keeps so many batches open that no buffer is left to make this one
     */
    @Override
    public ImageBatch next() {
        if (!hasNext()) {
            throw new NoSuchElementException(closed ? "The batch stream is closed." : "The epoch has no more batches.");
        }
        if (failure != null) {
            throw failure;
        }
        if (ready.isEmpty() && buffers.lent() == buffers.count()) {
            throw new IllegalStateException("All " + buffers.count() + " batch buffers are still open, so none is left "
                    + "for batch " + nextBatch + ". Close each batch after reading it.");
        }
        return switch (awaitDelivery()) {
            case ImageBatch batch -> {
                batch.lend();
                nextBatch++;
                yield batch;
            }
            case Delivery.Failure(Throwable cause) -> {
                String reason = cause instanceof DataSetException fault ? fault.getMessage() : cause.toString();
                failure = new DataSetException("Batch " + nextBatch + " of " + endBatch + " could not be made: "
                        + reason, cause);
                throw failure;
            }
        };
    }

    private Delivery awaitDelivery() {
        try {
            return ready.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DataSetException("Interrupted while waiting for batch " + nextBatch + " of " + endBatch + ".", e);
        }
    }

    /** Stops the prefetching thread and takes back every batch that was not handed out. Closing twice does nothing. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        stopped = true;
        producer.interrupt();
        boolean interrupted = joinProducer();
        for (Delivery left = ready.poll(); left != null; left = ready.poll()) {
            if (left instanceof ImageBatch batch) {
                batch.close();
            }
        }
        source.close();
        buffers.detach();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void produce() {
        for (int batch = firstBatch; batch < endBatch && !stopped; batch++) {
            ImageBatch target = null;
            try {
                target = buffers.take();
                source.write(batch, target);
                if (target.size() == 0) {
                    throw new IllegalStateException(source + " wrote no images: a source must call ImageBatch.fill.");
                }
                ready.add(target);
            } catch (Throwable cause) {
                if (target != null) {
                    target.close();
                }
                // When close() interrupts, nobody is left to be told.
                ready.add(new Delivery.Failure(cause));
                return;
            }
        }
    }

    private boolean joinProducer() {
        boolean interrupted = false;
        while (true) {
            try {
                producer.join();
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }
}
