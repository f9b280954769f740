package org.bame.datasets;

import java.util.ArrayList;
import java.util.List;

/**
 * Mean and standard deviation of each channel, in units of {@code pixel / 255}, with which images are normalised:
 * {@code (pixel / 255 - mean) / standardDeviation}. The deviation is that of the population (divided by the count).
 *
 * @param mean one value a channel, in [0, 1]
 * @param standardDeviation one value a channel, above 0
 */
public record ChannelStatistics(List<Double> mean, List<Double> standardDeviation) {

    /**
     * Those of ImageNet as torchvision's models and nearly all papers have them: mean 0.485, 0.456, 0.406 and deviation
     * 0.229, 0.224, 0.225 of red, green and blue.
     */
    public static final ChannelStatistics IMAGENET =
            new ChannelStatistics(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225));

    private static final int LEVELS = 256;
    private static final double FULL_SCALE = LEVELS - 1;

    /** Checks that both lists have the same length and that every deviation is positive. */
    public ChannelStatistics {
        mean = List.copyOf(mean);
        standardDeviation = List.copyOf(standardDeviation);
        if (mean.isEmpty() || mean.size() != standardDeviation.size()) {
            throw new IllegalArgumentException("Channel statistics need one mean and one standard deviation a channel, "
                    + "got " + mean.size() + " means and " + standardDeviation.size() + " deviations.");
        }
        for (double deviation : standardDeviation) {
            if (!(deviation > 0)) {
                throw new IllegalArgumentException("A channel's standard deviation must be above 0, got "
                        + standardDeviation + "; a channel whose pixels are all equal cannot be normalised.");
            }
        }
    }

    /**
     * The statistics of a set of images, exact up to the final division because they are taken from integer histograms.
     *
     * @param images at least one image, with at least two different values in every channel
     */
    public static ChannelStatistics of(InMemoryImages images) {
        if (images.size() == 0) {
            throw new IllegalArgumentException("Channel statistics need at least one image, got none.");
        }
        ImageShape shape = images.shape();
        long[][] histogram = new long[shape.channels()][LEVELS];
        byte[] image = new byte[shape.size()];
        for (int index = 0; index < images.size(); index++) {
            images.copyImage(index, image, 0);
            for (int channel = 0; channel < shape.channels(); channel++) {
                long[] counts = histogram[channel];
                int end = (channel + 1) * shape.planeSize();
                for (int at = channel * shape.planeSize(); at < end; at++) {
                    counts[Byte.toUnsignedInt(image[at])]++;
                }
            }
        }
        List<Double> mean = new ArrayList<>();
        List<Double> deviation = new ArrayList<>();
        double count = (double) images.size() * shape.planeSize();
        for (long[] counts : histogram) {
            double average = mean(counts, count);
            double squares = 0;
            for (int level = 0; level < LEVELS; level++) {
                double distance = level - average;
                squares += counts[level] * distance * distance;
            }
            mean.add(average / FULL_SCALE);
            deviation.add(Math.sqrt(squares / count) / FULL_SCALE);
        }
        return new ChannelStatistics(mean, deviation);
    }

    private static double mean(long[] counts, double count) {
        long sum = 0;
        for (int level = 0; level < LEVELS; level++) {
            sum += counts[level] * level;
        }
        return sum / count;
    }

    /** Number of channels. */
    public int channels() {
        return mean.size();
    }

    /**
     * The normalised value of every pixel value: {@code table[channel][pixel]}, pixel 0 to 255. A new array each call.
     */
    public float[][] normalisationTable() {
        float[][] table = new float[channels()][LEVELS];
        for (int channel = 0; channel < channels(); channel++) {
            for (int level = 0; level < LEVELS; level++) {
                double scaled = level / FULL_SCALE;
                table[channel][level] = (float) ((scaled - mean.get(channel)) / standardDeviation.get(channel));
            }
        }
        return table;
    }
}
