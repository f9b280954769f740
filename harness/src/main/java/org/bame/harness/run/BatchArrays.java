package org.bame.harness.run;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bame.kernel.ElementType;
import org.bame.kernel.FeatureShape;
import org.bame.kernel.Storage;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Features and labels of one batch size, allocated once and filled again and again. Not allocating matters:
 * fresh memory is slow to touch.
 */
final class BatchArrays {

    private final int images;
    private final int classes;
    private final int positions;
    private final INDArray features;
    private final INDArray labels;
    private final Storage featureMemory;
    private final Storage labelMemory;
    private final int[] targets;

    /**
     * @param images images, or windows of a text
     * @param input extents of one
     * @param classes that a prediction chooses from
     * @param positions predictions of one
     */
    BatchArrays(int images, FeatureShape input, int classes, int positions) {
        this.images = images;
        this.classes = classes;
        this.positions = positions;
        this.features = Nd4j.create(
                DataType.FLOAT, new long[]{images, input.channels(), input.height(), input.width()}, 'c');
        this.labels = Nd4j.create(DataType.FLOAT, new long[]{images, (long) classes * positions}, 'c');
        this.featureMemory = memory(features);
        this.labelMemory = memory(labels);
        this.targets = new int[images * positions];
    }

    /** Images in the arrays. */
    int images() {
        return images;
    }

    /** {@code [image, channel, row, column]}. */
    INDArray features() {
        return features;
    }

    /**
     * {@code [image, class * position]}, one-hot at each position; zeros where nothing is predicted; two classes where images
     * were mixed.
     */
    INDArray labels() {
        return labels;
    }

    /** The class to be predicted of an image at a position, that of the image itself if mixed; -1 where there is none. */
    int target(int image, int position) {
        return targets[image * positions + position];
    }

    /**
     * Copies a batch of this many images.
     *
     * @param newFeatures {@code [image][channel][row][column]}; what stands behind the last image is left
     * @param newTargets {@code [image][position]}; likewise
     */
    void fill(float[] newFeatures, int[] newTargets) {
        MemorySegment.copy(
                newFeatures,
                0,
                featureMemory.segment(),
                ValueLayout.JAVA_FLOAT_UNALIGNED,
                0,
                Math.toIntExact(featureMemory.size()));
        System.arraycopy(newTargets, 0, targets, 0, targets.length);
        labelMemory.fill(0);
        for (int image = 0; image < images; image++) {
            for (int position = 0; position < positions; position++) {
                int target = target(image, position);
                if (target >= 0) {
                    labelMemory.set(((long) image * classes + target) * positions + position, 1);
                }
            }
        }
    }

    /**
     * Gives each label to two classes: of a batch whose images were mixed. For one prediction an image.
     *
     * @param others class of what was mixed into each image
     * @param share of the image itself, 0 to 1
     */
    void mixLabels(int[] others, float share) {
        for (int image = 0; image < images; image++) {
            long own = (long) image * classes + target(image, 0);
            long other = (long) image * classes + others[image];
            labelMemory.set(own, share);
            labelMemory.set(other, labelMemory.get(other) + (1 - share));
        }
    }

    private static Storage memory(INDArray array) {
        return Storage.view(
                array.data().address() + array.offset() * ElementType.FLOAT.bytes(), ElementType.FLOAT, array.length());
    }
}
