package org.bame.datasets.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.bame.datasets.ChannelStatistics;
import org.bame.datasets.ImageShape;
import org.junit.jupiter.api.Test;

/** How operations are drawn, by what comes out. An operation is the only one of an image with probability 1/2 * 1/2 * 2/15. */
final class RandAugmentTest {

    private static final int DRAWS = 30_000;
    private static final double ALONE = 1.0 / 30;

    @Test
    void aQuarterOfTheImagesStaysAsItIs() {
        ImageShape shape = new ImageShape(3, 20, 20);
        RandAugment augment = new RandAugment(shape, ChannelStatistics.IMAGENET, 9);
        byte[] image = new byte[shape.size()];
        Random random = new Random(1);
        for (int at = 0; at < image.length; at++) {
            image[at] = (byte) (1 + random.nextInt(254));
        }
        byte[] negative = image.clone();
        augment.apply(Distortion.INVERT, negative, 0, 1);
        byte[] even = image.clone();
        augment.apply(Distortion.EQUALIZE, even, 0, 1);
        int unchanged = 0;
        int inverted = 0;
        int equalized = 0;
        for (int key = 0; key < DRAWS; key++) {
            byte[] pixels = image.clone();
            augment.apply(pixels, key * 7919L);
            unchanged += Arrays.equals(pixels, image) ? 1 : 0;
            inverted += Arrays.equals(pixels, negative) ? 1 : 0;
            equalized += Arrays.equals(pixels, even) ? 1 : 0;
        }
        // Five standard deviations of 30,000 draws; twice inverted, an image is unchanged, too (1 in 900).
        assertThat((double) unchanged / DRAWS).isCloseTo(0.25 + 1.0 / 900, within(0.013));
        assertThat((double) inverted / DRAWS).isCloseTo(ALONE, within(0.006));
        // Also behind operations that keep the order of levels.
        assertThat((double) equalized / DRAWS).isBetween(ALONE - 0.006, 2 * ALONE);
    }

    /** An image of level 0 shows what SOLARIZE_ADD adds: 110 times a tenth of a number about 9, at most 10. */
    @Test
    void strengthIsNormallyDistributedAndCutOff() {
        int alone = 0;
        int greatest = 0;
        double sum = 0;
        double squares = 0;
        for (int level : middles(0)) {
            // 73 is more than five standard deviations below; other operations lead elsewhere.
            if (level >= 73 && level <= 110) {
                alone++;
                greatest += level == 110 ? 1 : 0;
                sum += level;
                squares += level * level;
            }
        }
        assertThat((double) alone / DRAWS).isBetween(ALONE - 0.006, 2 * ALONE);
        // 11 times 9 and 11 times 0.5; cutting fractions off takes half a level, cutting strengths off at 10 a little more.
        double mean = sum / alone;
        assertThat(mean).isCloseTo(98.4, within(0.8));
        assertThat(Math.sqrt(squares / alone - mean * mean)).isCloseTo(5.4, within(0.5));
        // Two standard deviations above the mean: 2.3 percent.
        assertThat((double) greatest / alone).isBetween(0.01, 0.04);
    }

    @Test
    void sidesAreEquallyProbable() {
        int brighter = 0;
        int darker = 0;
        for (int level : middles(130)) {
            // 130 times 1.81 or 0.19; what other operations alone make of it lies between 100 and 130, or is 0.
            brighter += level > 200 ? 1 : 0;
            darker += level > 0 && level < 60 ? 1 : 0;
        }
        // Alone, or before and behind any of the ten that leave one level as it is; some pairs come out there, too.
        double least = ALONE / 2 * (1 + 10.0 / 15);
        assertThat((double) brighter / DRAWS).isBetween(least, least + 0.015);
        assertThat((double) darker / DRAWS).isBetween(least, least + 0.015);
    }

    @Test
    void whatIsDrawnFollowsFromTheKeyAlone() {
        ImageShape shape = new ImageShape(3, 9, 7);
        RandAugment used = new RandAugment(shape, ChannelStatistics.IMAGENET, 9);
        byte[] image = new byte[shape.size()];
        new Random(2).nextBytes(image);
        for (int key = 0; key < 300; key++) {
            byte[] first = image.clone();
            used.apply(first, key);
            byte[] second = image.clone();
            new RandAugment(shape, ChannelStatistics.IMAGENET, 9).apply(second, key);
            assertThat(second).isEqualTo(first);
        }
    }

    /** The middle of an image of one level, of each draw. */
    private static int[] middles(int level) {
        ImageShape shape = new ImageShape(3, 3, 3);
        RandAugment augment = new RandAugment(shape, ChannelStatistics.IMAGENET, 9);
        int[] middles = new int[DRAWS];
        byte[] pixels = new byte[shape.size()];
        for (int key = 0; key < DRAWS; key++) {
            Arrays.fill(pixels, (byte) level);
            augment.apply(pixels, key);
            middles[key] = Byte.toUnsignedInt(pixels[4]);
        }
        return middles;
    }
}
