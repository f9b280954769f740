package org.bame.datasets.pipeline;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.bame.datasets.ImageShape;

/**
 * The ring of buffers that batches travel in. Allocate one for a run and pass it to every {@link BatchStream}, training
 * and evaluation alike, one stream open at a time; then no memory is allocated for batches after the first.
 */
public final class BatchBuffers {

    /** One batch being read, one ready, one being made. */
    public static final int DEFAULT_COUNT = 3;

    private final ImageShape shape;
    private final int capacity;
    private final int count;
    private final BlockingQueue<ImageBatch> free;
    private final AtomicInteger lent = new AtomicInteger();
    private final AtomicBoolean attached = new AtomicBoolean();

    /** A ring of {@link #DEFAULT_COUNT} buffers. */
    public BatchBuffers(ImageShape shape, int capacity) {
        this(shape, capacity, DEFAULT_COUNT);
    }

    /**
     * @param shape extent of the images
     * @param capacity images a buffer has room for: the largest batch
     * @param count buffers, at least 2
     */
    public BatchBuffers(ImageShape shape, int capacity, int count) {
        if (capacity < 1 || count < 2) {
            throw new IllegalArgumentException("Prefetching needs at least 2 buffers of at least 1 image, got " + count
                    + " of " + capacity + ".");
        }
        this.shape = shape;
        this.capacity = capacity;
        this.count = count;
        this.free = new ArrayBlockingQueue<>(count);
        for (int buffer = 0; buffer < count; buffer++) {
            free.add(new ImageBatch(shape, capacity, this));
        }
    }

    /** Extent of the images. */
    public ImageShape shape() {
        return shape;
    }

    /** Images a buffer has room for. */
    public int capacity() {
        return capacity;
    }

    /** Number of buffers. */
    public int count() {
        return count;
    }

    /** Buffers that nobody uses at the moment. */
    int available() {
        return free.size();
    }

    void attach() {
        if (!attached.compareAndSet(false, true)) {
            throw new IllegalStateException("These buffers already serve an open batch stream. Close it first, or give "
                    + "each stream buffers of its own.");
        }
    }

    void detach() {
        attached.set(false);
    }

    /** Waits for a free buffer. */
    ImageBatch take() throws InterruptedException {
        ImageBatch batch = free.take();
        batch.take();
        return batch;
    }

    void giveBack(ImageBatch batch, boolean wasLent) {
        if (wasLent) {
            lent.decrementAndGet();
        }
        free.add(batch);
    }

    void countLent() {
        lent.incrementAndGet();
    }

    /** Batches that the consumer has not closed. */
    int lent() {
        return lent.get();
    }
}
