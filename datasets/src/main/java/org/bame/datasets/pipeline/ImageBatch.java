package org.bame.datasets.pipeline;

import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.bame.datasets.ImageShape;

/**
 * A buffer holding one batch. It belongs to {@link BatchBuffers} and is used again and again: read it, then
 * {@link #close} it, and touch neither it nor its arrays afterwards. The arrays are not copies.
 */
public final class ImageBatch implements AutoCloseable, Delivery {

    private final ImageShape shape;
    private final int capacity;
    private final float[] features;
    private final int[] labels;
    private final int[] mixedLabels;
    private final BatchBuffers owner;
    private final AtomicReference<State> state = new AtomicReference<>(State.FREE);
    private int index;
    private int size;
    private float labelShare;

    ImageBatch(ImageShape shape, int capacity, BatchBuffers owner) {
        this.shape = shape;
        this.capacity = capacity;
        this.features = new float[Math.multiplyExact(capacity, shape.size())];
        this.labels = new int[capacity];
        this.mixedLabels = new int[capacity];
        this.owner = owner;
    }

    /** Extent of every image. */
    public ImageShape shape() {
        return shape;
    }

    /** Images there is room for. */
    public int capacity() {
        return capacity;
    }

    /** Images in this batch, 1 to {@link #capacity()}. */
    public int size() {
        requireInUse();
        return size;
    }

    /** Position of this batch in its epoch, from 0. */
    public int index() {
        requireInUse();
        return index;
    }

    /**
     * Normalised pixels, {@code [image][channel][row][column]}, column fastest, of length
     * {@code capacity() * shape().size()}; only the first {@code size()} images have a meaning, the others are 0.
     */
    public float[] features() {
        requireInUse();
        return features;
    }

    /** Class of each image, of length {@link #capacity()}; only the first {@link #size()} have a meaning. */
    public int[] labels() {
        requireInUse();
        return labels;
    }

    /**
     * Class of the image that was mixed into each image, of the length of {@link #labels()}; the image's own if none was.
     */
    public int[] mixedLabels() {
        requireInUse();
        return mixedLabels;
    }

    /** How much of each label is that of {@link #labels()}, 0 to 1; the rest is that of {@link #mixedLabels()}. */
    public float labelShare() {
        requireInUse();
        return labelShare;
    }

    /**
     * For a {@link BatchSource}, behind {@link #fill}: each image was mixed with its counterpart, the first with the last
     * and so on.
     *
     * @param share how much of its label is left to each image, 0 to 1
     */
    void mixLabels(float share) {
        for (int position = 0; position < size; position++) {
            mixedLabels[position] = labels[size - 1 - position];
        }
        labelShare = share;
    }

    /**
     * For a {@link BatchSource}: says what was written, with one label an image. The room behind the last image is set to 0.
     *
     * @param batch position in the epoch
     * @param images how many images were written, 1 to {@link #capacity()}
     */
    public void fill(int batch, int images) {
        requireInUse();
        Objects.checkIndex(images - 1, capacity);
        index = batch;
        size = images;
        labelShare = 1;
        Arrays.fill(features, images * shape.size(), features.length, 0f);
        Arrays.fill(labels, images, capacity, 0);
        System.arraycopy(labels, 0, mixedLabels, 0, capacity);
    }

    /** Gives the buffer back to be filled again. Closing twice does nothing. */
    @Override
    public void close() {
        State before = state.getAndSet(State.FREE);
        if (before != State.FREE) {
            owner.giveBack(this, before == State.LENT);
        }
    }

    /** The producer starts to write. */
    void take() {
        state.set(State.WRITTEN);
        size = 0;
    }

    /** The consumer starts to read. */
    void lend() {
        state.set(State.LENT);
        owner.countLent();
    }

    private void requireInUse() {
        if (state.get() == State.FREE) {
            throw new IllegalStateException("This batch was closed, and its buffer may hold another batch by now. "
                    + "Read a batch before closing it.");
        }
    }

    private enum State {
        FREE, WRITTEN, LENT
    }
}
