package org.bame.datasets.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ResamplerTest {

    /** 3 rows of 7. */
    private static final int[] LEVELS = {
        0, 10, 200, 255, 3, 90, 61, 17, 18, 250, 1, 77, 0, 255, 130, 131, 132, 133, 134, 135, 136};

    @Test
    void twiceAsLargeIsInterpolatedLinearly() {
        // Centres of the output lie at -1/4, 1/4, 3/4 and 5/4 of the input's; behind its ends the last level goes on.
        assertThat(resample(picture(2, 1, 0, 100), 4, 1)).containsExactly(0, 25, 75, 100);
        assertThat(resample(picture(1, 2, 0, 100), 1, 4)).containsExactly(0, 25, 75, 100);
    }

    @Test
    void halfAsLargeWeighsEveryPixelByATriangle() {
        // The first output pixel's centre is 1, its filter reaches 2 each way: weights 3/4, 3/4, 1/4 over 7/4.
        assertThat(resample(picture(4, 1, 0, 70, 140, 210), 2, 1))
                .containsExactly((int) Math.round((70 * 3 + 140) / 7.0), (int) Math.round((70 + 140 * 3 + 210 * 3)
                        / 7.0));
    }

    @Test
    void aThirdOfTheSizeSeesAlternatingPixelsAsGrey() {
        int[] stripes = new int[30];
        for (int x = 0; x < 30; x += 2) {
            stripes[x] = 200;
        }
        // Without antialiasing these would be 0 or 200.
        assertThat(resample(picture(30, 1, stripes), 5, 1)).hasSize(5)
                .satisfies(levels -> assertThat(Arrays.stream(levels)).allMatch(level -> Math.abs(level - 100) < 7));
    }

    /** By Pillow 12.3: {@code image.resize((width, height), Image.BILINEAR)}. */
    @ParameterizedTest
    @CsvSource({
        "7,3,'0,10,200,255,3,90,61,17,18,250,1,77,0,255,130,131,132,133,134,135,136'",
        "4,2,'20,161,72,96,93,133,99,136'",
        "11,5,'0,5,27,148,220,255,95,27,82,74,61,7,10,32,164,196,153,77,39,52,100,139,17,17,39,187,159,1,49,56,7,139,255,85"
                + ",85,94,154,143,80,100,103,84,137,184,130,130,131,132,132,133,134,134,135,136,136'",
        "3,7,'47,159,61,50,147,68,58,113,88,67,78,108,94,102,120,122,125,131,131,133,135'",
        "1,1,'103'",
        "2,3,'96,96,78,91,132,134'"
    })
    void isBitIdenticalToPillow(int width, int height, String expected) {
        assertThat(resample(picture(7, 3, LEVELS), width, height)).containsExactly(levels(expected));
    }

    /** By Pillow 12.3: {@code image.crop((2, 1, 6, 3)).resize((3, 3), Image.BILINEAR)}. */
    @Test
    void aRegionIsScaledAsIfItWereTheWholePicture() {
        byte[] target = new byte[9];
        new Resampler().resample(picture(7, 3, LEVELS), new Region(2, 1, 4, 2), 3, 3, Region.whole(3, 3), target);

        assertThat(unsigned(target)).containsExactly(175, 39, 23, 154, 87, 79, 132, 134, 135);
    }

    @Test
    void aWindowIsPartOfTheWhole() {
        Random random = new Random(3);
        Resampler resampler = new Resampler();
        Picture picture = new Picture();
        for (int round = 0; round < 50; round++) {
            int width = 1 + random.nextInt(40);
            int height = 1 + random.nextInt(40);
            picture.resize(3, height, width);
            random.nextBytes(picture.pixels());
            int scaledWidth = 1 + random.nextInt(50);
            int scaledHeight = 1 + random.nextInt(50);
            byte[] whole = new byte[3 * scaledWidth * scaledHeight];
            Region all = Region.whole(width, height);
            resampler.resample(picture, all, scaledWidth, scaledHeight, Region.whole(scaledWidth, scaledHeight), whole);
            int left = random.nextInt(scaledWidth);
            int top = random.nextInt(scaledHeight);
            Region window = new Region(
                    left, top, 1 + random.nextInt(scaledWidth - left), 1 + random.nextInt(scaledHeight - top));
            byte[] part = new byte[3 * window.width() * window.height()];
            resampler.resample(picture, all, scaledWidth, scaledHeight, window, part);

            int at = 0;
            for (int channel = 0; channel < 3; channel++) {
                for (int row = top; row < top + window.height(); row++) {
                    int from = (channel * scaledHeight + row) * scaledWidth + left;
                    assertThat(Arrays.copyOfRange(part, at, at + window.width()))
                            .isEqualTo(Arrays.copyOfRange(whole, from, from + window.width()));
                    at += window.width();
                }
            }
        }
    }

    @Test
    void nothingOutsideOfTheRegionIsLookedAt() {
        Picture picture = picture(7, 3, LEVELS);
        Region region = new Region(2, 0, 3, 2);
        byte[] before = new byte[4];
        new Resampler().resample(picture, region, 2, 2, Region.whole(2, 2), before);
        for (int at : new int[]{0, 1, 5, 6, 7, 8, 12, 13, 14, 20}) {
            picture.pixels()[at] = (byte) 77;
        }
        byte[] after = new byte[4];
        new Resampler().resample(picture, region, 2, 2, Region.whole(2, 2), after);

        assertThat(after).isEqualTo(before);
    }

    @Test
    void whiteStaysWhiteAtAnySize() {
        Picture picture = new Picture();
        picture.resize(1, 37, 53);
        Arrays.fill(picture.pixels(), (byte) 255);
        for (int size = 1; size < 90; size++) {
            assertThat(resample(picture, size, size)).containsOnly(255);
        }
    }

    @Test
    void regionsAndWindowsMustLieInside() {
        Picture picture = picture(7, 3, LEVELS);
        assertThatIllegalArgumentException().isThrownBy(() -> new Resampler().resample(
                picture, new Region(4, 0, 4, 3), 2, 2, Region.whole(2, 2), new byte[4])).withMessageContaining("7x3");
        assertThatIllegalArgumentException().isThrownBy(() -> new Resampler().resample(
                picture, Region.whole(7, 3), 2, 2, new Region(1, 0, 2, 2), new byte[4])).withMessageContaining("2x2");
        assertThatIllegalArgumentException().isThrownBy(() -> new Region(0, 0, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Region(-1, 0, 1, 1));
    }

    private static int[] resample(Picture picture, int width, int height) {
        byte[] target = new byte[width * height];
        Region all = Region.whole(picture.width(), picture.height());
        new Resampler().resample(picture, all, width, height, Region.whole(width, height), target);
        return unsigned(target);
    }

    private static Picture picture(int width, int height, int... levels) {
        Picture picture = new Picture();
        picture.resize(1, height, width);
        for (int at = 0; at < levels.length; at++) {
            picture.pixels()[at] = (byte) levels[at];
        }
        return picture;
    }

    private static int[] unsigned(byte[] bytes) {
        int[] levels = new int[bytes.length];
        Arrays.setAll(levels, at -> Byte.toUnsignedInt(bytes[at]));
        return levels;
    }

    private static int[] levels(String list) {
        return Arrays.stream(list.split(",")).mapToInt(Integer::parseInt).toArray();
    }
}
