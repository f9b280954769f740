package org.bame.datasets.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bame.datasets.augment.RandAugment;

/**
 * Everything that is done to the images of a training epoch, in this order: images are repeated; each is cropped and
 * mirrored, goes through RandAugment, is normalised, lit and erased; then those of a batch are mixed. A value of 0 leaves
 * a part out.
 *
 * @param crop what is cut out, and mirroring
 * @param repeats how often an image stands in the batches of an epoch, one behind the other and each time augmented
 *     anew, at least 1 (Hoffer et al., CVPR 2020, arXiv 1901.09335). As in DeiT an epoch has no more images for it: only
 *     one in so many takes part, others in the next epoch
 * @param randAugment magnitude of {@link RandAugment}
 * @param lighting deviation of {@link org.bame.datasets.augment.PcaLighting}
 * @param randomErasing probability of {@link org.bame.datasets.augment.RandomErasing}
 * @param mixup alpha of mixup, see {@link Mixing}
 * @param cutmix alpha of cutmix, see {@link Mixing}
 */
public record AugmentationPolicy(
        Augmentation crop,
        int repeats,
        double randAugment,
        double lighting,
        double randomErasing,
        double mixup,
        double cutmix) {

    /** The greatest alpha: draws from its distribution take ever more tries above. */
    public static final double GREATEST_ALPHA = 4;

    /** Nothing is done. */
    public static final AugmentationPolicy NONE = of(Augmentation.NONE);

    /** Checks the ranges. */
    public AugmentationPolicy {
        Objects.requireNonNull(crop, "crop");
        if (repeats < 1) {
            throw new IllegalArgumentException("Images are repeated at least 1 time, got " + repeats + ".");
        }
        requireWithin("RandAugment's magnitude", randAugment, RandAugment.STRONGEST);
        requireWithin("The deviation of PCA lighting", lighting, Double.MAX_VALUE);
        requireWithin("The probability of random erasing", randomErasing, 1);
        requireWithin("Mixup's alpha", mixup, GREATEST_ALPHA);
        requireWithin("Cutmix's alpha", cutmix, GREATEST_ALPHA);
    }

    /** Cropping and mirroring alone. */
    public static AugmentationPolicy of(Augmentation crop) {
        return new AugmentationPolicy(crop, 1, 0, 0, 0, 0, 0);
    }

    /** Whether images of a batch are mixed, and labels with them. */
    public boolean isMixing() {
        return mixup > 0 || cutmix > 0;
    }

    /** In the terms of recipes, for example {@code randomResizedCropFlip + randAugment 9 + mixup 0.8}. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        parts.add(switch (crop) {
            case NONE -> "none";
            case PAD_CROP_FLIP -> "padCropFlip";
            case RANDOM_RESIZED_CROP_FLIP -> "randomResizedCropFlip";
        });
        add(parts, "repeatedAugmentation", repeats == 1 ? 0 : repeats);
        add(parts, "randAugment", randAugment);
        add(parts, "lighting", lighting);
        add(parts, "randomErasing", randomErasing);
        add(parts, "mixup", mixup);
        add(parts, "cutmix", cutmix);
        return String.join(" + ", parts);
    }

    private static void add(List<String> parts, String name, double value) {
        if (value > 0) {
            parts.add(name + " " + String.valueOf(value).replaceAll("\\.0$", ""));
        }
    }

    private static void requireWithin(String what, double value, double most) {
        if (!(value >= 0 && value <= most)) {
            throw new IllegalArgumentException(what + " lies in 0 to " + most + ", got " + value + ".");
        }
    }
}
