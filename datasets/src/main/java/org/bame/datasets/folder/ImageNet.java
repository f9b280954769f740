package org.bame.datasets.folder;

import java.util.List;
import java.util.Map;
import org.bame.datasets.DataRequest;
import org.bame.datasets.DataSetFactory;
import org.bame.datasets.ImageDataSet;

/**
 * {@code imagenet}: the classification data of ILSVRC 2012 (Russakovsky et al., "ImageNet Large Scale Visual Recognition
 * Challenge", IJCV 2015), from a folder that the user has. Batches have 224x224 pixels unless a recipe asks for others.
 */
public final class ImageNet implements DataSetFactory {

    /** The name users type. */
    public static final String NAME = "imagenet";
    /** Rows and columns of images unless a recipe asks for others. */
    public static final int SIDE = 224;
    /** Number of classes. */
    public static final int CLASSES = 1_000;
    /** Training images of the published data set. */
    public static final int TRAIN_IMAGES = 1_281_167;

    private static final ImageFolder FOLDER = new ImageFolder(
            NAME,
            "ImageNet",
            List.of(NAME, "ILSVRC2012", "imagenet-1k"),
            new ImageFolder.Expected(CLASSES, TRAIN_IMAGES, 50_000),
            SIDE,
            Map.of(),
            "It cannot be downloaded without an account: register at https://image-net.org/download-images, fetch"
                    + " ILSVRC2012_img_train.tar and ILSVRC2012_img_val.tar, unpack the training images into a folder a class,"
                    + " sort the validation images into folders of the same names (by their ground truth, which comes with"
                    + " the development kit), and name the folder with --data-dir DIR or "
                    + DataRequest.DATA_DIR_VARIABLE
                    + ".");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String describe() {
        return "ImageNet (ILSVRC 2012), 1,281,167 + 50,000 photographs of 1,000 classes, as 3x224x224; from a folder";
    }

    @Override
    public ImageDataSet load(DataRequest request) {
        return FOLDER.load(request);
    }
}
