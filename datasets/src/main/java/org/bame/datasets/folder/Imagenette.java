package org.bame.datasets.folder;

import java.util.List;
import java.util.Map;
import org.bame.datasets.DataRequest;
import org.bame.datasets.DataSetFactory;
import org.bame.datasets.ImageDataSet;

/**
 * {@code imagenette}: ten classes of ImageNet that are easy to tell apart (J. Howard,
 * <a href="https://github.com/fastai/imagenette">github.com/fastai/imagenette</a>, version 2), from a folder that the
 * user has. Batches have 64x64 pixels unless a recipe asks for others.
 */
public final class Imagenette implements DataSetFactory {

    /** The name users type. */
    public static final String NAME = "imagenette";
    /** Rows and columns of images unless a recipe asks for others. */
    public static final int SIDE = 64;
    /** Number of classes. */
    public static final int CLASSES = 10;
    /** Training images of the published data set. */
    public static final int TRAIN_IMAGES = 9_469;

    private static final String SMALL_COPY = "shorter side scaled to 72 pixels, JPEG quality 88";
    private static final ImageFolder FOLDER = new ImageFolder(
            NAME,
            "Imagenette",
            List.of("imagenette2-160", "imagenette2-320", "imagenette2", "imagenette-72", NAME),
            new ImageFolder.Expected(CLASSES, TRAIN_IMAGES, 3_925),
            SIDE,
            Map.of(
                    "2234f72087994e252ba1813d1eda7db1228d3ea9cea71b2f22f90a40b4c9854d", SMALL_COPY,
                    "3e9461e0ebb3a87314ef9f3a7c6e7e63f7664e771081a9327540360d119845f7", SMALL_COPY),
            "Fetch https://s3.amazonaws.com/fast-ai-imageclas/imagenette2-160.tgz (94 MiB), unpack it, and name the folder"
                    + " that holds imagenette2-160 with --data-dir DIR or " + DataRequest.DATA_DIR_VARIABLE + ".");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String describe() {
        return "Imagenette, 9,469 + 3,925 photographs of 10 classes of ImageNet, as 3x64x64; from a folder";
    }

    @Override
    public ImageDataSet load(DataRequest request) {
        return FOLDER.load(request);
    }
}
