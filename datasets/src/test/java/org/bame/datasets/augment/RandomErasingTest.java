package org.bame.datasets.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.bame.datasets.ImageShape;
import org.junit.jupiter.api.Test;

final class RandomErasingTest {

    private static final float KEPT = 100;

    @Test
    void erasesOneRectangleOfNoiseInAQuarterOfTheImages() {
        ImageShape shape = new ImageShape(3, 40, 50);
        RandomErasing erasing = new RandomErasing(shape, 0.25, 11);
        int erased = 0;
        double areas = 0;
        double leastRatio = Double.MAX_VALUE;
        double greatestRatio = 0;
        double sum = 0;
        double squares = 0;
        long values = 0;
        for (int image = 0; image < 4_000; image++) {
            float[] features = new float[shape.size()];
            Arrays.fill(features, KEPT);
            erasing.apply(features, 0, image);
            int[] box = box(features, shape);
            if (box == null) {
                continue;
            }
            erased++;
            int height = box[2] - box[0];
            int width = box[3] - box[1];
            areas += (double) height * width / shape.planeSize();
            leastRatio = Math.min(leastRatio, (double) height / width);
            greatestRatio = Math.max(greatestRatio, (double) height / width);
            for (int channel = 0; channel < 3; channel++) {
                for (int row = box[0]; row < box[2]; row++) {
                    for (int column = box[1]; column < box[3]; column++) {
                        float value = features[(channel * 40 + row) * 50 + column];
                        assertThat(value).isBetween(-7f, 7f);
                        sum += value;
                        squares += value * value;
                        values++;
                    }
                }
            }
            long kept = (long) shape.size() - 3L * height * width;
            long found = 0;
            for (float value : features) {
                found += value == KEPT ? 1 : 0;
            }
            assertThat(found).isEqualTo(kept);
        }
        assertThat(erased).isBetween(863, 1_137);
        // Uniform in 0.02 to 1/3; rectangles that do not fit are drawn again, which takes a little from the largest.
        assertThat(areas / erased).isCloseTo((0.02 + 1.0 / 3) / 2, within(0.015));
        assertThat(leastRatio).isBetween(0.25, 0.45);
        assertThat(greatestRatio).isBetween(2.2, 4.0);
        assertThat(sum / values).isCloseTo(0, within(0.01));
        assertThat(squares / values).isCloseTo(1, within(0.01));
    }

    @Test
    void neverAndAlwaysAndWithinItsImage() {
        for (int side = 1; side <= 9; side++) {
            ImageShape shape = new ImageShape(2, side, 10 - side);
            for (int image = 0; image < 200; image++) {
                float[] features = new float[shape.size() + 20];
                Arrays.fill(features, KEPT);
                new RandomErasing(shape, 0, 3).apply(features, 10, image);
                assertThat(features).containsOnly(KEPT);
                new RandomErasing(shape, 1, 3).apply(features, 10, image);
                assertThat(Arrays.copyOf(features, 10)).containsOnly(KEPT);
                assertThat(Arrays.copyOfRange(features, shape.size() + 10, features.length)).containsOnly(KEPT);
            }
        }
        int erased = 0;
        ImageShape shape = new ImageShape(1, 32, 32);
        for (int image = 0; image < 500; image++) {
            float[] features = new float[shape.size()];
            new RandomErasing(shape, 1, 3).apply(features, 0, image);
            erased += box(features, shape, 0) == null ? 0 : 1;
        }
        assertThat(erased).isEqualTo(500);
    }

    private static int[] box(float[] features, ImageShape shape) {
        return box(features, shape, KEPT);
    }

    /** Top, left, and what is behind bottom and right of all that is not as it was in the first channel; null if all is. */
    private static int[] box(float[] features, ImageShape shape, float kept) {
        int[] box = {shape.height(), shape.width(), 0, 0};
        for (int at = 0; at < shape.planeSize(); at++) {
            if (features[at] != kept) {
                int row = at / shape.width();
                int column = at % shape.width();
                box = new int[]{Math.min(box[0], row), Math.min(box[1], column), Math.max(box[2], row + 1), Math.max(
                        box[3], column + 1)};
            }
        }
        return box[2] == 0 ? null : box;
    }
}
