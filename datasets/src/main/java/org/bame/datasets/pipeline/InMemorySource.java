package org.bame.datasets.pipeline;

import org.bame.datasets.ChannelStatistics;
import org.bame.datasets.CounterRandom;
import org.bame.datasets.CounterRandom.Purpose;
import org.bame.datasets.ImageShape;
import org.bame.datasets.LabelledImages;

/** Batches of images that lie in memory: shuffled, augmented and normalised as a {@link BatchPlan} says. */
final class InMemorySource implements BatchSource {

    /** Random numbers drawn an image: row, column, mirror. */
    private static final int DRAWS = 3;

    private final LabelledImages images;
    private final BatchPlan plan;
    private final ImageTransform transform;
    private final int[] order;
    private final long augmentationKey;
    private final byte[] raw;

    InMemorySource(LabelledImages images, ChannelStatistics statistics, BatchPlan plan) {
        if (statistics.channels() != images.shape().channels()) {
            throw new IllegalArgumentException("Statistics of " + statistics.channels()
                    + " channels do not fit images of " + images.shape() + ".");
        }
        int batches = plan.batches(images.size());
        if (batches == 0) {
            throw new IllegalArgumentException("No batch of " + plan.batchSize() + " can be made from "
                    + plan.images(images.size()) + " images"
                    + (plan.dropLast() ? " when partial batches are dropped" : "")
                    + ". Use a smaller batch or more images.");
        }
        if (plan.firstBatch() > batches) {
            throw new IllegalArgumentException("Cannot start at batch " + plan.firstBatch() + " of an epoch of "
                    + batches + " batches. The checkpoint belongs to another batch size or data set.");
        }
        this.images = images;
        this.plan = plan;
        this.transform = new ImageTransform(images.shape(), statistics.normalisationTable());
        this.order = plan.order(images.size());
        this.augmentationKey = CounterRandom.key(plan.seed(), Purpose.AUGMENTATION, plan.epoch());
        this.raw = new byte[images.shape().size()];
    }

    @Override
    public int firstBatch() {
        return plan.firstBatch();
    }

    @Override
    public int endBatch() {
        return plan.batches(images.size());
    }

    @Override
    public void write(int batch, ImageBatch target) {
        ImageShape shape = images.shape();
        int from = batch * plan.batchSize();
        int count = Math.min(plan.batchSize(), order.length - from);
        float[] features = target.features();
        int[] labels = target.labels();
        for (int position = 0; position < count; position++) {
            int image = order[from + position];
            images.copyImage(image, raw, 0);
            writeImage(image, features, position * shape.size());
            labels[position] = images.label(image);
        }
        target.fill(batch, count);
    }

    private void writeImage(int image, float[] features, int offset) {
        switch (plan.augmentation()) {
            case NONE -> transform.apply(raw, 0, 0, false, features, offset);
            case PAD_CROP_FLIP -> {
                long draw = (long) image * DRAWS;
                int positions = 2 * Augmentation.PADDING + 1;
                int down = CounterRandom.below(augmentationKey, draw, positions) - Augmentation.PADDING;
                int right = CounterRandom.below(augmentationKey, draw + 1, positions) - Augmentation.PADDING;
                boolean mirror = CounterRandom.bits(augmentationKey, draw + 2) < 0;
                transform.apply(raw, down, right, mirror, features, offset);
            }
        }
    }
}
