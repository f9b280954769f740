package org.bame.datasets.image;

import org.bame.datasets.CounterRandom;

/**
 * The region that a training image is cut out of its picture: a share of the area uniform in 0.08 to 1, a ratio of width
 * to height log-uniform in 3/4 to 4/3 (Szegedy et al., "Going deeper with convolutions", 2015, section 6), drawn up to 10
 * times until it fits, else the largest centred one of a permitted ratio: as torchvision's {@code RandomResizedCrop} has
 * it. Logarithms and exponentials are those of {@link StrictMath}, the same on every machine.
 */
public final class RandomResizedCrop {

    /** Random numbers that one image may use. */
    public static final int DRAWS = 40;

    private static final double LEAST_AREA = 0.08;
    private static final double NARROWEST = 3.0 / 4;
    private static final double WIDEST = 4.0 / 3;
    private static final double LOG_NARROWEST = StrictMath.log(NARROWEST);
    private static final double LOG_WIDEST = StrictMath.log(WIDEST);
    private static final int TRIES = 10;
    private static final int DRAWS_PER_TRY = DRAWS / TRIES;

    private RandomResizedCrop() {}

    /**
     * Draws a region.
     *
     * @param key of the random numbers
     * @param counter of the first one; this image uses those up to {@code counter + DRAWS - 1}
     * @param width columns of the picture
     * @param height rows of the picture
     */
    public static Region draw(long key, long counter, int width, int height) {
        double area = (double) width * height;
        for (long draw = counter; draw < counter + DRAWS; draw += DRAWS_PER_TRY) {
            double cropArea = area * (LEAST_AREA + (1 - LEAST_AREA) * CounterRandom.uniform(key, draw));
            double logRatio = LOG_NARROWEST + (LOG_WIDEST - LOG_NARROWEST) * CounterRandom.uniform(key, draw + 1);
            double ratio = StrictMath.exp(logRatio);
            int cropWidth = (int) Math.rint(Math.sqrt(cropArea * ratio));
            int cropHeight = (int) Math.rint(Math.sqrt(cropArea / ratio));
            if (cropWidth > 0 && cropWidth <= width && cropHeight > 0 && cropHeight <= height) {
                return new Region(
                        CounterRandom.below(key, draw + 3, width - cropWidth + 1),
                        CounterRandom.below(key, draw + 2, height - cropHeight + 1),
                        cropWidth,
                        cropHeight);
            }
        }
        return centred(width, height);
    }

    /** The largest region in the middle whose ratio is permitted. */
    private static Region centred(int width, int height) {
        double ratio = (double) width / height;
        int cropWidth = ratio > WIDEST ? (int) Math.rint(height * WIDEST) : width;
        int cropHeight = ratio < NARROWEST ? (int) Math.rint(width / NARROWEST) : height;
        return new Region((width - cropWidth) / 2, (height - cropHeight) / 2, cropWidth, cropHeight);
    }
}
