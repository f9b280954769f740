package org.bame.harness.flops;

import java.util.List;
import java.util.Optional;
import org.bame.datasets.Modality;
import org.bame.datasets.synthetic.Synthetic10;
import org.bame.datasets.text.Text;
import org.bame.kernel.FeatureShape;

/**
 * What counting needs to know of a published data set, so that it need not be at hand.
 *
 * @param name that users type
 * @param image extents of one image as networks get it
 * @param classes number of classes
 * @param trainImages number of training images
 * @param recipe the usual recipe's name
 * @param modality what its samples are; of text the image is a window, and the classes are characters
 */
public record DataSetShape(
        String name, FeatureShape image, int classes, int trainImages, String recipe, Modality modality) {

    private static final FeatureShape SMALL = new FeatureShape(3, 32, 32);

    private static final List<DataSetShape> KNOWN = List.of(
            new DataSetShape(Synthetic10.NAME, SMALL, 10, Synthetic10.DEFAULT_TRAIN_SIZE, "quick"),
            new DataSetShape("cifar10", SMALL, 10, 50_000, "cifar10"),
            new DataSetShape("cifar100", SMALL, 100, 50_000, "cifar10"),
            new DataSetShape("imagenet", new FeatureShape(3, 224, 224), 1_000, 1_281_167, "imagenet"),
            new DataSetShape(
                    Text.NAME,
                    new FeatureShape(1, Text.DEFAULT_LENGTH, 1),
                    Text.SHAKESPEARE_CHARACTERS,
                    Text.SHAKESPEARE_WINDOWS,
                    "text-short",
                    Modality.TEXT));

    /** Images. */
    public DataSetShape(String name, FeatureShape image, int classes, int trainImages, String recipe) {
        this(name, image, classes, trainImages, recipe, Modality.IMAGES);
    }

    /** Whether it is the same for everybody: a text is whatever file the user has. */
    public boolean fixed() {
        return modality == Modality.IMAGES;
    }

    /** The published ones. */
    public static List<DataSetShape> known() {
        return KNOWN;
    }

    /** One by name. */
    public static Optional<DataSetShape> find(String name) {
        return KNOWN.stream().filter(shape -> shape.name().equals(name)).findFirst();
    }
}
