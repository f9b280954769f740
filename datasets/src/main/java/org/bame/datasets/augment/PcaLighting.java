package org.bame.datasets.augment;

import org.bame.datasets.ChannelStatistics;
import org.bame.datasets.CounterRandom;
import org.bame.datasets.ImageShape;

/**
 * Adds one random colour to a whole image (Krizhevsky et al. 2012, section 4.1): along each principal axis of ImageNet's
 * colours a normally distributed number times the axis's eigenvalue. Eigenvalues and axes are the ones in general use, of
 * colours from 0 to 1; sums are not cut off at black and white. SR-STE's code has the same numbers and deviation (0.1), but
 * multiplies by the matrix transposed and its columns reversed, so that its strongest axis is not the grey one; that is
 * not copied here.
 */
public final class PcaLighting implements FeatureAugmentation {

    private static final double[] EIGENVALUES = {0.2175, 0.0188, 0.0045};
    /** One axis a column; red, green and blue in the rows. */
    private static final double[][] AXES = {
        {-0.5675, 0.7192, 0.4009}, {-0.5808, -0.0045, -0.8140}, {-0.5836, -0.6948, 0.4203}};

    private final ImageShape shape;
    private final ChannelStatistics statistics;
    private final double deviation;
    private final long key;

    /**
     * @param shape of every image: red, green and blue
     * @param statistics that images are normalised by
     * @param deviation of the normally distributed numbers
     * @param key of the epoch's random numbers
     */
    public PcaLighting(ImageShape shape, ChannelStatistics statistics, double deviation, long key) {
        this.shape = shape;
        this.statistics = statistics;
        this.deviation = deviation;
        this.key = key;
    }

    @Override
    public void apply(float[] features, int offset, long number) {
        for (int channel = 0; channel < AXES.length; channel++) {
            double sum = 0;
            for (int axis = 0; axis < EIGENVALUES.length; axis++) {
                double alpha = deviation * CounterRandom.normal(key, number * EIGENVALUES.length + axis);
                sum += AXES[channel][axis] * EIGENVALUES[axis] * alpha;
            }
            float added = (float) (sum / statistics.standardDeviation().get(channel));
            int from = offset + channel * shape.planeSize();
            for (int at = from; at < from + shape.planeSize(); at++) {
                features[at] += added;
            }
        }
    }
}
