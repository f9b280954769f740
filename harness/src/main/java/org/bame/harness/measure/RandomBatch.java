package org.bame.harness.measure;

import java.util.SplittableRandom;
import org.bame.kernel.FeatureShape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Images of noise with random classes: what the numbers are changes no step's time.
 *
 * @param features {@code [image, channel, row, column]}
 * @param labels {@code [image, class]}, one-hot
 */
record RandomBatch(INDArray features, INDArray labels) {

    static RandomBatch of(int images, FeatureShape shape, int classes, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] pixels = new float[Math.multiplyExact(images, shape.elementsPerImage())];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        float[] oneHot = new float[images * classes];
        for (int image = 0; image < images; image++) {
            oneHot[image * classes + random.nextInt(classes)] = 1;
        }
        return new RandomBatch(
                Nd4j.create(pixels, new long[]{images, shape.channels(), shape.height(), shape.width()}, 'c'),
                Nd4j.create(oneHot, new long[]{images, classes}, 'c'));
    }
}
