package org.bame.datasets.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bame.datasets.ChannelStatistics;
import org.bame.datasets.CounterRandom;
import org.bame.datasets.CounterRandom.Purpose;
import org.bame.datasets.ImageShape;
import org.bame.datasets.LabelledImages;
import org.bame.datasets.augment.FeatureAugmentation;
import org.bame.datasets.augment.PcaLighting;
import org.bame.datasets.augment.RandAugment;
import org.bame.datasets.augment.RandomErasing;
import org.bame.datasets.image.Picture;
import org.bame.datasets.image.RandomResizedCrop;
import org.bame.datasets.image.Region;
import org.bame.datasets.image.Resampler;

/**
 * Augments and normalises images. What it writes depends on seed, epoch, image and repetition alone. Keeps buffers; for one
 * thread.
 */
final class ImagePreparation implements AutoCloseable {

    /** Random numbers drawn an image: row, column, mirror. */
    private static final int PAD_CROP_DRAWS = 3;
    /** Those of the region, and mirror. */
    private static final int RESIZED_CROP_DRAWS = RandomResizedCrop.DRAWS + 1;

    private final ImageShape shape;
    private final AugmentationPolicy policy;
    private final long cropKey;
    private final long distortionKey;
    private final Pictures pictures;
    private final ImageTransform transform;
    private final Optional<RandAugment> randAugment;
    private final List<FeatureAugmentation> featureAugmentations;
    private final Resampler resampler = new Resampler();
    private final byte[] raw;
    private final byte[] window;

    /**
     * @param images what is prepared
     * @param statistics normalises them
     * @param plan says how
     * @param table normalised value of each pixel value: {@code [channel][pixel]}
     */
    ImagePreparation(LabelledImages images, ChannelStatistics statistics, BatchPlan plan, float[][] table) {
        this.shape = images.shape();
        this.policy = plan.augmentation();
        this.cropKey = key(plan, Purpose.AUGMENTATION);
        this.distortionKey = key(plan, Purpose.RAND_AUGMENT);
        this.pictures = Pictures.of(images);
        this.transform = new ImageTransform(shape, table);
        this.randAugment = policy.randAugment() > 0
                ? Optional.of(new RandAugment(shape, statistics, policy.randAugment()))
                : Optional.empty();
        this.featureAugmentations = featureAugmentations(shape, statistics, plan);
        this.raw = new byte[shape.size()];
        this.window = new byte[shape.size()];
    }

    private static List<FeatureAugmentation> featureAugmentations(
            ImageShape shape, ChannelStatistics statistics, BatchPlan plan) {
        AugmentationPolicy policy = plan.augmentation();
        List<FeatureAugmentation> augmentations = new ArrayList<>();
        if (policy.lighting() > 0) {
            augmentations.add(new PcaLighting(shape, statistics, policy.lighting(), key(plan, Purpose.LIGHTING)));
        }
        if (policy.randomErasing() > 0) {
            augmentations.add(new RandomErasing(shape, policy.randomErasing(), key(plan, Purpose.ERASING)));
        }
        return augmentations;
    }

    private static long key(BatchPlan plan, Purpose purpose) {
        return CounterRandom.key(plan.seed(), purpose, plan.epoch());
    }

    /**
     * Writes one image.
     *
     * @param image index of the image
     * @param repetition how many times it was written before in this epoch, below {@link AugmentationPolicy#repeats}
     * @param features receives {@code [channel][row][column]}
     * @param offset first position written
     */
    void write(int image, int repetition, float[] features, int offset) {
        long number = (long) image * policy.repeats() + repetition;
        switch (policy.crop()) {
            case NONE -> {
                pictures.standard(image, raw);
                normalise(number, 0, 0, false, features, offset);
            }
            case PAD_CROP_FLIP -> {
                pictures.standard(image, raw);
                long draw = number * PAD_CROP_DRAWS;
                int positions = 2 * Augmentation.PADDING + 1;
                int down = CounterRandom.below(cropKey, draw, positions) - Augmentation.PADDING;
                int right = CounterRandom.below(cropKey, draw + 1, positions) - Augmentation.PADDING;
                normalise(number, down, right, isMirrored(draw + 2), features, offset);
            }
            case RANDOM_RESIZED_CROP_FLIP -> {
                Picture picture = pictures.whole(image);
                long draw = number * RESIZED_CROP_DRAWS;
                Region region = RandomResizedCrop.draw(cropKey, draw, picture.width(), picture.height());
                Region all = Region.whole(shape.width(), shape.height());
                resampler.resample(picture, region, shape.width(), shape.height(), all, raw);
                normalise(number, 0, 0, isMirrored(draw + RandomResizedCrop.DRAWS), features, offset);
            }
        }
        for (FeatureAugmentation augmentation : featureAugmentations) {
            augmentation.apply(features, offset, number);
        }
    }

    /** Shifts, mirrors, distorts and normalises the raw image. */
    private void normalise(long number, int down, int right, boolean mirror, float[] features, int offset) {
        if (randAugment.isEmpty()) {
            transform.apply(raw, down, right, mirror, features, offset);
        } else {
            transform.copy(raw, down, right, mirror, window);
            randAugment.get().apply(window, CounterRandom.bits(distortionKey, number));
            transform.apply(window, 0, 0, false, features, offset);
        }
    }

    @Override
    public void close() {
        pictures.close();
    }

    private boolean isMirrored(long draw) {
        return CounterRandom.bits(cropKey, draw) < 0;
    }
}
