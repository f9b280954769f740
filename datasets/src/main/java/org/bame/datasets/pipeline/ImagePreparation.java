package org.bame.datasets.pipeline;

import org.bame.datasets.CounterRandom;
import org.bame.datasets.CounterRandom.Purpose;
import org.bame.datasets.ImageShape;
import org.bame.datasets.LabelledImages;
import org.bame.datasets.image.Picture;
import org.bame.datasets.image.RandomResizedCrop;
import org.bame.datasets.image.Region;
import org.bame.datasets.image.Resampler;

/**
 * Augments and normalises images. What it writes depends on seed, epoch and image alone. Keeps buffers; for one thread.
 */
final class ImagePreparation implements AutoCloseable {

    /** Random numbers drawn an image: row, column, mirror. */
    private static final int PAD_CROP_DRAWS = 3;
    /** Those of the region, and mirror. */
    private static final int RESIZED_CROP_DRAWS = RandomResizedCrop.DRAWS + 1;

    private final ImageShape shape;
    private final Augmentation augmentation;
    private final long key;
    private final Pictures pictures;
    private final ImageTransform transform;
    private final Resampler resampler = new Resampler();
    private final byte[] raw;

    /**
     * @param images what is prepared
     * @param plan says how
     * @param table normalised value of each pixel value: {@code [channel][pixel]}
     */
    ImagePreparation(LabelledImages images, BatchPlan plan, float[][] table) {
        this.shape = images.shape();
        this.augmentation = plan.augmentation();
        this.key = CounterRandom.key(plan.seed(), Purpose.AUGMENTATION, plan.epoch());
        this.pictures = Pictures.of(images);
        this.transform = new ImageTransform(shape, table);
        this.raw = new byte[shape.size()];
    }

    /**
     * Writes one image.
     *
     * @param image index of the image
     * @param features receives {@code [channel][row][column]}
     * @param offset first position written
     */
    void write(int image, float[] features, int offset) {
        switch (augmentation) {
            case NONE -> {
                pictures.standard(image, raw);
                transform.apply(raw, 0, 0, false, features, offset);
            }
            case PAD_CROP_FLIP -> {
                pictures.standard(image, raw);
                long draw = (long) image * PAD_CROP_DRAWS;
                int positions = 2 * Augmentation.PADDING + 1;
                int down = CounterRandom.below(key, draw, positions) - Augmentation.PADDING;
                int right = CounterRandom.below(key, draw + 1, positions) - Augmentation.PADDING;
                transform.apply(raw, down, right, isMirrored(draw + 2), features, offset);
            }
            case RANDOM_RESIZED_CROP_FLIP -> {
                Picture picture = pictures.whole(image);
                long draw = (long) image * RESIZED_CROP_DRAWS;
                Region region = RandomResizedCrop.draw(key, draw, picture.width(), picture.height());
                Region all = Region.whole(shape.width(), shape.height());
                resampler.resample(picture, region, shape.width(), shape.height(), all, raw);
                transform.apply(raw, 0, 0, isMirrored(draw + RandomResizedCrop.DRAWS), features, offset);
            }
        }
    }

    @Override
    public void close() {
        pictures.close();
    }

    private boolean isMirrored(long draw) {
        return CounterRandom.bits(key, draw) < 0;
    }
}
