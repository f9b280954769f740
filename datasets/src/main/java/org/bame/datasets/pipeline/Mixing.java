package org.bame.datasets.pipeline;

import org.bame.datasets.CounterRandom;
import org.bame.datasets.CounterRandom.Purpose;
import org.bame.datasets.ImageShape;

/**
 * Mixes the images of a batch in pairs, the first with the last and so on, all alike, as DeiT and timm's mode {@code batch}
 * do: by mixup (Zhang et al., ICLR 2018, arXiv 1710.09412), {@code share a + (1 - share) b}, or by cutmix (Yun et al., ICCV
 * 2019, arXiv 1905.04899), a rectangle of b pasted into a. The share is distributed as Beta(alpha, alpha); with cutmix it
 * is then the area that is left of a, so that a rectangle cut off at the image's border counts as what it is. With both, a
 * batch gets either with probability 1/2 (timm's {@code switch_prob}). Labels are shared alike. An odd batch leaves the
 * image in its middle as it is. DeiT does this once a batch of each GPU, this suite once a batch.
 */
final class Mixing {

    /** Random numbers of a batch before those of its share: mixup or cutmix, row and column of the rectangle. */
    private static final int DRAWS = 3;

    private final ImageShape shape;
    private final AugmentationPolicy policy;
    private final long epochKey;

    Mixing(ImageShape shape, AugmentationPolicy policy, long seed, int epoch) {
        this.shape = shape;
        this.policy = policy;
        this.epochKey = CounterRandom.key(seed, Purpose.MIXING, epoch);
    }

    /** How a batch is mixed. */
    Mix of(int batch) {
        long key = CounterRandom.bits(epochKey, batch);
        boolean both = policy.mixup() > 0 && policy.cutmix() > 0;
        boolean isCutmix = both ? CounterRandom.bits(key, 0) < 0 : policy.cutmix() > 0;
        if (!isCutmix) {
            return new Mix.Blend(shape, (float) beta(policy.mixup(), key, DRAWS));
        }
        double side = Math.sqrt(1 - beta(policy.cutmix(), key, DRAWS));
        return Mix.Paste.around(
                shape,
                CounterRandom.below(key, 1, shape.height()),
                CounterRandom.below(key, 2, shape.width()),
                (int) (shape.height() * side),
                (int) (shape.width() * side));
    }

    /**
     * A number distributed as Beta(alpha, alpha), by the method of Jöhnk (1964), on logarithms: alphas near 0 make powers
     * smaller than numbers can be.
     */
    static double beta(double alpha, long key, long firstDraw) {
        for (long draw = firstDraw;; draw += 2) {
            double x = StrictMath.log(1 - CounterRandom.uniform(key, draw)) / alpha;
            double y = StrictMath.log(1 - CounterRandom.uniform(key, draw + 1)) / alpha;
            if (StrictMath.exp(x) + StrictMath.exp(y) <= 1) {
                return 1 / (1 + StrictMath.exp(y - x));
            }
        }
    }
}
