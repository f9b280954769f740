package org.bame.datasets.pipeline;

import java.util.Objects;
import org.bame.datasets.CounterRandom;
import org.bame.datasets.CounterRandom.Purpose;

/**
 * Which images (or windows of a text) make up the batches of one epoch. Everything random about it follows from {@code seed} and
 * {@code epoch}.
 *
 * @param batchSize images in a full batch, at least 1
 * @param augmentation what happens to the images
 * @param shuffle whether the order is a random permutation, a new one every epoch
 * @param dropLast whether a last batch with fewer than {@code batchSize} images is left out
 * @param seed the run's seed
 * @param epoch the epoch, from 0
 * @param firstBatch the batch to start with, from 0: earlier ones are skipped without changing later ones
 * @param imageLimit only the first so many images take part; {@link #ALL_IMAGES} for all
 */
public record BatchPlan(
        int batchSize,
        AugmentationPolicy augmentation,
        boolean shuffle,
        boolean dropLast,
        long seed,
        int epoch,
        int firstBatch,
        int imageLimit) {

    /** The {@code imageLimit} that leaves out no image. */
    public static final int ALL_IMAGES = Integer.MAX_VALUE;

    /** Checks the ranges. */
    public BatchPlan {
        Objects.requireNonNull(augmentation, "augmentation");
        requireAtLeast("batch size", batchSize, 1);
        requireAtLeast("epoch", epoch, 0);
        requireAtLeast("first batch", firstBatch, 0);
        requireAtLeast("image limit", imageLimit, 1);
    }

    /** One training epoch over all images: shuffled, cropped and mirrored, the last partial batch dropped. */
    public static BatchPlan training(int batchSize, Augmentation crop, long seed, int epoch) {
        return training(batchSize, AugmentationPolicy.of(crop), seed, epoch);
    }

    /** One training epoch of as many images as there are: shuffled, augmented, the last partial batch dropped. */
    public static BatchPlan training(int batchSize, AugmentationPolicy augmentation, long seed, int epoch) {
        return new BatchPlan(batchSize, augmentation, true, true, seed, epoch, 0, ALL_IMAGES);
    }

    /** All images in order, unchanged but normalised, the last partial batch kept. */
    public static BatchPlan evaluation(int batchSize) {
        return new BatchPlan(batchSize, AugmentationPolicy.NONE, false, false, 0, 0, 0, ALL_IMAGES);
    }

    /** This plan from another batch on, to go on in the middle of an epoch. */
    public BatchPlan startingAt(int batch) {
        return new BatchPlan(batchSize, augmentation, shuffle, dropLast, seed, epoch, batch, imageLimit);
    }

    /** This plan on the first {@code images} images only. */
    public BatchPlan limitedTo(int images) {
        return new BatchPlan(batchSize, augmentation, shuffle, dropLast, seed, epoch, firstBatch, images);
    }

    /** This plan with the last, smaller batch kept. */
    public BatchPlan keepingLast() {
        return new BatchPlan(batchSize, augmentation, shuffle, false, seed, epoch, firstBatch, imageLimit);
    }

    /** How many of {@code available} images take part. */
    public int images(int available) {
        return Math.min(available, imageLimit);
    }

    /** Batches of the whole epoch, those before {@code firstBatch} included, given {@code available} images. */
    public int batches(int available) {
        int images = images(available);
        return dropLast ? images / batchSize : Math.ceilDiv(images, batchSize);
    }

    /** Requires a batch that is left, given {@code available} images. */
    void requireBatch(int available) {
        int batches = batches(available);
        if (batches == 0) {
            throw new IllegalArgumentException("No batch of " + batchSize + " can be made from " + images(available)
                    + " images" + (dropLast ? " when partial batches are dropped" : "")
                    + ". Use a smaller batch or more images.");
        }
        if (firstBatch > batches) {
            throw new IllegalArgumentException("Cannot start at batch " + firstBatch + " of an epoch of " + batches
                    + " batches. The checkpoint belongs to another batch size or data set.");
        }
    }

    /**
     * The images in the order of the epoch: a new array of indices into the data set. Repeated ones stand side by side, and
     * the epoch ends when it has as many images as the data set.
     */
    int[] order(int available) {
        int[] order = new int[images(available)];
        for (int at = 0; at < order.length; at++) {
            order[at] = at;
        }
        if (shuffle) {
            long key = CounterRandom.key(seed, Purpose.SHUFFLE, epoch);
            for (int last = order.length - 1; last > 0; last--) {
                int other = CounterRandom.below(key, last, last + 1);
                int swapped = order[last];
                order[last] = order[other];
                order[other] = swapped;
            }
        }
        for (int last = order.length - 1; last > 0; last--) {
            order[last] = order[last / augmentation.repeats()];
        }
        return order;
    }

    private static void requireAtLeast(String what, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException("The " + what + " must be at least " + least + ", got " + value + ".");
        }
    }
}
