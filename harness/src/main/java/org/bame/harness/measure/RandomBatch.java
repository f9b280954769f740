package org.bame.harness.measure;

import java.util.SplittableRandom;
import org.bame.datasets.Modality;
import org.bame.harness.flops.DataSetShape;
import org.bame.kernel.FeatureShape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Images of noise with random classes, or windows of random characters with random next ones: what the numbers are changes no
 * step's time.
 *
 * @param features {@code [image, channel, row, column]}, C order: of a window the characters' ids
 * @param labels {@code [image, class * position]}, C order, one-hot at each position; of an image there is one
 */
record RandomBatch(INDArray features, INDArray labels) {

    static RandomBatch of(int samples, DataSetShape data, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        FeatureShape shape = data.image();
        boolean text = data.modality() == Modality.TEXT;
        float[] features = new float[Math.multiplyExact(samples, shape.elementsPerImage())];
        for (int i = 0; i < features.length; i++) {
            features[i] = text ? random.nextInt(data.classes()) : (float) random.nextGaussian();
        }
        int positions = text ? shape.elementsPerImage() : 1;
        float[] oneHot = new float[Math.multiplyExact(samples, Math.multiplyExact(data.classes(), positions))];
        for (int sample = 0; sample < samples; sample++) {
            for (int position = 0; position < positions; position++) {
                oneHot[(sample * data.classes() + random.nextInt(data.classes())) * positions + position] = 1;
            }
        }
        return new RandomBatch(
                Nd4j.create(features, new long[]{samples, shape.channels(), shape.height(), shape.width()}, 'c'),
                Nd4j.create(oneHot, new long[]{samples, (long) data.classes() * positions}, 'c'));
    }
}
