package org.bame.harness.flops;

import java.util.List;
import java.util.Optional;
import org.bame.datasets.Modality;
import org.bame.datasets.cifar.CifarFormat;
import org.bame.datasets.folder.ImageNet;
import org.bame.datasets.folder.Imagenette;
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

    private static final FeatureShape SMALL = square(32);

    private static final List<DataSetShape> KNOWN = List.of(
            new DataSetShape(Synthetic10.NAME, SMALL, 10, Synthetic10.DEFAULT_TRAIN_SIZE, "quick"),
            cifar(CifarFormat.CIFAR10),
            cifar(CifarFormat.CIFAR100),
            new DataSetShape(
                    Imagenette.NAME,
                    square(Imagenette.SIDE),
                    Imagenette.CLASSES,
                    Imagenette.TRAIN_IMAGES,
                    "imagenette-short"),
            new DataSetShape(
                    ImageNet.NAME, square(ImageNet.SIDE), ImageNet.CLASSES, ImageNet.TRAIN_IMAGES, "imagenet"),
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

    private static DataSetShape cifar(CifarFormat format) {
        return new DataSetShape(format.name(), SMALL, format.classes(), format.trainImages(), "cifar10");
    }

    private static FeatureShape square(int side) {
        return new FeatureShape(3, side, side);
    }

    /** The same with images of another extent; 0 for the one it has. Text has no other. */
    public DataSetShape at(int side) {
        return side == 0 || modality == Modality.TEXT
                ? this
                : new DataSetShape(name, square(side), classes, trainImages, recipe);
    }

    /** Its samples and their extents, for messages: {@code images of 3x32x32} or {@code windows of 128 characters}. */
    public String samples() {
        return switch (modality) {
            case IMAGES -> "images of " + image;
            case TEXT -> "windows of " + image.elementsPerImage() + " characters";
        };
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
