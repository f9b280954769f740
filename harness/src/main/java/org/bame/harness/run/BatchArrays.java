package org.bame.harness.run;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bame.datasets.ImageShape;
import org.bame.datasets.pipeline.ImageBatch;
import org.bame.kernel.ElementType;
import org.bame.kernel.Storage;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Features and one-hot labels of one batch size, allocated once and filled again and again. Not allocating matters:
 * fresh memory is slow to touch.
 */
final class BatchArrays {

    private final int images;
    private final int classes;
    private final INDArray features;
    private final INDArray labels;
    private final Storage featureMemory;
    private final Storage labelMemory;

    BatchArrays(int images, ImageShape shape, int classes) {
        this.images = images;
        this.classes = classes;
        this.features = Nd4j.create(
                DataType.FLOAT, new long[]{images, shape.channels(), shape.height(), shape.width()}, 'c');
        this.labels = Nd4j.create(DataType.FLOAT, new long[]{images, classes}, 'c');
        this.featureMemory = memory(features);
        this.labelMemory = memory(labels);
    }

    /** Images in the arrays. */
    int images() {
        return images;
    }

    /** {@code [image, channel, row, column]}. */
    INDArray features() {
        return features;
    }

    /** {@code [image, class]}, one-hot. */
    INDArray labels() {
        return labels;
    }

    /** Copies a batch of exactly this many images. */
    void fill(ImageBatch batch) {
        if (batch.size() != images) {
            throw new IllegalArgumentException("A batch of " + batch.size() + " images for arrays of " + images);
        }
        MemorySegment.copy(
                batch.features(),
                0,
                featureMemory.segment(),
                ValueLayout.JAVA_FLOAT_UNALIGNED,
                0,
                Math.toIntExact(featureMemory.size()));
        labelMemory.fill(0);
        int[] classOf = batch.labels();
        for (int image = 0; image < images; image++) {
            labelMemory.set((long) image * classes + classOf[image], 1);
        }
    }

    private static Storage memory(INDArray array) {
        return Storage.view(
                array.data().address() + array.offset() * ElementType.FLOAT.bytes(), ElementType.FLOAT, array.length());
    }
}
