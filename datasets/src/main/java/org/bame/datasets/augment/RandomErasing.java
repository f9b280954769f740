package org.bame.datasets.augment;

import org.bame.datasets.CounterRandom;
import org.bame.datasets.ImageShape;

/**
 * Random erasing (Zhong et al., AAAI 2020, arXiv 1708.04896) as DeiT trains with it, timm's mode {@code pixel}: with some
 * probability one rectangle of a normalised image becomes noise of the standard normal distribution, a number of its own
 * for every value. Its area is uniform in 2 to 33.3 percent of the image's, its ratio of height to width log-uniform in
 * 0.3 to 1/0.3; drawn up to 10 times until it is smaller than the image on both sides, else nothing is erased. The area's
 * upper end and that noise stands behind normalisation are timm's (the paper: 40 percent, levels).
 */
public final class RandomErasing implements FeatureAugmentation {

    private static final double LEAST_AREA = 0.02;
    private static final double MOST_AREA = 1.0 / 3;
    private static final double LOG_NARROWEST = StrictMath.log(0.3);
    private static final int TRIES = 10;
    private static final int DRAWS_PER_TRY = 4;
    /** Whether at all, and those of the tries; noise takes the ones behind. */
    private static final int DRAWS = 1 + TRIES * DRAWS_PER_TRY;

    private final ImageShape shape;
    private final double probability;
    private final long epochKey;

    /**
     * @param shape of every image
     * @param probability that a rectangle is erased
     * @param epochKey of the epoch's random numbers
     */
    public RandomErasing(ImageShape shape, double probability, long epochKey) {
        this.shape = shape;
        this.probability = probability;
        this.epochKey = epochKey;
    }

    @Override
    public void apply(float[] features, int offset, long number) {
        long key = CounterRandom.bits(epochKey, number);
        if (CounterRandom.uniform(key, 0) >= probability) {
            return;
        }
        for (int draw = 1; draw < DRAWS; draw += DRAWS_PER_TRY) {
            double area = LEAST_AREA + (MOST_AREA - LEAST_AREA) * CounterRandom.uniform(key, draw);
            double ratio = StrictMath.exp(LOG_NARROWEST * (1 - 2 * CounterRandom.uniform(key, draw + 1)));
            int height = (int) Math.rint(Math.sqrt(area * shape.planeSize() * ratio));
            int width = (int) Math.rint(Math.sqrt(area * shape.planeSize() / ratio));
            if (height < shape.height() && width < shape.width()) {
                int top = CounterRandom.below(key, draw + 2, shape.height() - height + 1);
                int left = CounterRandom.below(key, draw + 3, shape.width() - width + 1);
                erase(features, offset + top * shape.width() + left, height, width, key);
                return;
            }
        }
    }

    private void erase(float[] features, int first, int height, int width, long key) {
        long draw = DRAWS;
        for (int channel = 0; channel < shape.channels(); channel++) {
            for (int row = 0; row < height; row++) {
                int from = first + channel * shape.planeSize() + row * shape.width();
                for (int at = from; at < from + width; at++) {
                    features[at] = (float) CounterRandom.normal(key, draw++);
                }
            }
        }
    }
}
