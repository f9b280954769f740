package org.bame.harness.measure;

import org.bame.datasets.pipeline.AugmentationPolicy;

/**
 * How fast batches were made.
 *
 * @param augmentation of the images
 * @param threads that decoded files
 * @param spread of the rounds, in nanoseconds an image
 */
public record DataMeasurement(AugmentationPolicy augmentation, int threads, Spread spread) {

    private static final double SECOND = 1e9;

    /** By the median. */
    public double imagesPerSecond() {
        return SECOND / spread.medianNanos();
    }
}
