package org.bame.datasets.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.bame.datasets.ImageShape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CentreCropTest {

    /** As torchvision: sides are rounded down, borders to the nearest even of two equally near. */
    @ParameterizedTest
    @CsvSource({
        // 256 * 500 / 375 = 341.33; borders (341 - 224) / 2 = 58.5 and 16
        "500, 375, 224, 341, 256, 58, 16",
        "375, 500, 224, 256, 341, 16, 58",
        // 73 * 108 / 72 = 109.5; borders (109 - 64) / 2 = 22.5 and 4.5
        "108, 72, 64, 109, 73, 22, 4",
        "72, 72, 64, 73, 73, 4, 4",
        "1, 1, 224, 256, 256, 16, 16",
        "1, 3, 1, 1, 3, 0, 1",
        "3000, 1, 7, 24000, 8, 11996, 0"
    })
    void scalesTheShorterSideAndTakesTheMiddle(
            int width, int height, int side, int scaledWidth, int scaledHeight, int left, int top) {
        assertThat(CentreCrop.of(width, height, new ImageShape(3, side, side)))
                .isEqualTo(new CentreCrop(scaledWidth, scaledHeight, new Region(left, top, side, side)));
    }
}
