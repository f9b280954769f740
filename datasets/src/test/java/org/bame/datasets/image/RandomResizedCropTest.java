package org.bame.datasets.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.bame.datasets.CounterRandom;
import org.bame.datasets.CounterRandom.Purpose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RandomResizedCropTest {

    private static final long KEY = CounterRandom.key(1, Purpose.AUGMENTATION, 0);

    @ParameterizedTest
    @CsvSource({"500,375", "375,500", "72,108", "1,1", "2,1", "3,200", "4000,3"})
    void regionsLieInsideThePicture(int width, int height) {
        for (int image = 0; image < 2_000; image++) {
            Region region = draw(image, width, height);
            assertThat(region.fits(width, height)).as("%s", region).isTrue();
        }
    }

    @Test
    void areaIsUniformAndTheRatioLogUniform() {
        int count = 20_000;
        int[] areas = new int[4];
        int[] ratios = new int[4];
        double log = Math.log(4.0 / 3);
        for (int image = 0; image < count; image++) {
            // Wide enough that the first try fits unless nearly everything is asked for.
            Region region = draw(image, 4_000, 4_000);
            double area = (double) region.width() * region.height() / (4_000.0 * 4_000);
            double ratio = (double) region.width() / region.height();
            assertThat(area).isBetween(0.0799, 1.0);
            assertThat(ratio).isBetween(0.7490, 1.3351);
            if (area < 0.64) {
                areas[(int) ((area - 0.08 + 1e-9) / 0.14)]++;
                ratios[(int) Math.clamp((Math.log(ratio) + log) / (2 * log) * 4, 0, 3)]++;
            }
        }
        // Of the first tries 0.56 / 0.92 have such an area; tries that do not fit add to them in the same proportion.
        int accepted = areas[0] + areas[1] + areas[2] + areas[3];
        assertThat(accepted / (double) count).isGreaterThan(0.56 / 0.92);
        for (int part = 0; part < 4; part++) {
            assertThat(areas[part]).isCloseTo(accepted / 4, within(accepted / 40));
            assertThat(ratios[part]).isCloseTo(accepted / 4, within(accepted / 40));
        }
    }

    @Test
    void smallRegionsReachEveryCorner() {
        int left = 0;
        int right = 0;
        int top = 0;
        int bottom = 0;
        for (int image = 0; image < 3_000; image++) {
            Region region = draw(image, 40, 30);
            left += region.left() == 0 ? 1 : 0;
            top += region.top() == 0 ? 1 : 0;
            right += region.left() + region.width() == 40 ? 1 : 0;
            bottom += region.top() + region.height() == 30 ? 1 : 0;
        }
        assertThat(left).isBetween(100, 900);
        assertThat(right).isCloseTo(left, within(120));
        assertThat(top).isBetween(100, 1_500);
        assertThat(bottom).isCloseTo(top, within(150));
    }

    @Test
    void whatCannotFitIsTheLargestPermittedMiddle() {
        // Even 8 percent of the area at the ratio 3/4 is wider than 3 columns, or higher than 3 rows at 4/3.
        assertThat(draw(5, 3, 2_000)).isEqualTo(new Region(0, 998, 3, 4));
        assertThat(draw(5, 2_000, 3)).isEqualTo(new Region(998, 0, 4, 3));
        assertThat(draw(5, 1, 1)).isEqualTo(new Region(0, 0, 1, 1));
    }

    @Test
    void dependsOnKeyAndCounterAlone() {
        assertThat(draw(7, 500, 375)).isEqualTo(draw(7, 500, 375)).isNotEqualTo(draw(8, 500, 375));
        assertThat(RandomResizedCrop.draw(CounterRandom.key(2, Purpose.AUGMENTATION, 0), 0, 500, 375))
                .isNotEqualTo(draw(0, 500, 375));
    }

    private static Region draw(int image, int width, int height) {
        return RandomResizedCrop.draw(KEY, (long) image * RandomResizedCrop.DRAWS, width, height);
    }
}
