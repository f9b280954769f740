package org.bame.datasets.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.bame.datasets.ImageShape;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All expected values are worked out by hand: channel c maps pixel p to 1000 c + p, except pixel 0 to -1 - c. */
final class ImageTransformTest {

    private static final ImageShape SHAPE = new ImageShape(2, 2, 3);
    private static final byte[] IMAGE = {1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, (byte) 255};

    private ImageTransform transform;

    @BeforeEach
    void makeTable() {
        float[][] table = new float[2][256];
        for (int level = 1; level < 256; level++) {
            table[0][level] = level;
            table[1][level] = 1000 + level;
        }
        table[0][0] = -1;
        table[1][0] = -2;
        transform = new ImageTransform(SHAPE, table);
    }

    @Test
    void withoutShiftOnlyNormalises() {
        assertThat(apply(0, 0, false)).containsExactly(1, 2, 3, 4, 5, 6, 1011, 1012, 1013, 1014, 1015, 1255);
    }

    @Test
    void mirrorsEachRow() {
        assertThat(apply(0, 0, true)).containsExactly(3, 2, 1, 6, 5, 4, 1013, 1012, 1011, 1255, 1015, 1014);
    }

    @Test
    void shiftsInNormalisedBlackFromBelowAndRight() {
        assertThat(apply(1, 1, false)).containsExactly(5, 6, -1, -1, -1, -1, 1015, 1255, -2, -2, -2, -2);
    }

    @Test
    void shiftsInNormalisedBlackFromAboveAndLeft() {
        assertThat(apply(-1, -2, false)).containsExactly(-1, -1, -1, -1, -1, 1, -2, -2, -2, -2, -2, 1011);
    }

    @Test
    void mirrorsTheWindowAfterCroppingIt() {
        assertThat(apply(0, 1, true)).containsExactly(-1, 3, 2, -1, 6, 5, -2, 1013, 1012, -2, 1255, 1015);
    }

    @Test
    void aWindowFullyOutsideIsBlack() {
        assertThat(apply(0, 4, false)).containsOnly(-1, -2).startsWith(-1, -1, -1, -1, -1, -1, -2);
    }

    @Test
    void copyingIsTheSameWithoutNormalising() {
        for (int down = -3; down <= 3; down++) {
            for (int right = -4; right <= 4; right++) {
                for (boolean mirror : new boolean[]{false, true}) {
                    byte[] copied = new byte[SHAPE.size()];
                    transform.copy(IMAGE, down, right, mirror, copied);
                    float[] normalised = new float[SHAPE.size() + 1];
                    transform.apply(copied, 0, 0, false, normalised, 1);
                    assertThat(Arrays.copyOfRange(normalised, 1, normalised.length))
                            .isEqualTo(apply(down, right, mirror));
                }
            }
        }
    }

    private float[] apply(int down, int right, boolean mirror) {
        float[] out = new float[SHAPE.size() + 1];
        transform.apply(IMAGE, down, right, mirror, out, 1);
        float[] image = new float[SHAPE.size()];
        System.arraycopy(out, 1, image, 0, image.length);
        return image;
    }
}
