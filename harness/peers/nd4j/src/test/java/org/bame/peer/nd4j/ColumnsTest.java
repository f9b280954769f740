package org.bame.peer.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.bame.kernel.ConvolutionShape;
import org.bame.kernel.FeatureShape;
import org.junit.jupiter.api.Test;

class ColumnsTest {

    @Test
    void aColumnHoldsWhatTheWindowCovers() {
        // 2x2 pixels 1 2 / 3 4 of one channel, window 2x2, padding 1: the middle position covers all, the first one pixel.
        ConvolutionShape shape = ConvolutionShape.square(new FeatureShape(1, 2, 2), 1, 2, 1, 1);
        Columns columns = new Columns(shape, 1);

        float[] matrix = columns.gather(new float[]{1, 2, 3, 4});

        assertThat(columns.taps()).isEqualTo(4);
        assertThat(columns.positions()).isEqualTo(9);
        assertThat(matrix).startsWith(0, 0, 0, 1).endsWith(4, 0, 0, 0);
        assertThat(Arrays.copyOfRange(matrix, 16, 20)).containsExactly(1, 2, 3, 4);
    }

    /** Folding is the transpose of unfolding: the inner products agree. */
    @Test
    void foldingIsTheTransposeOfUnfolding() {
        ConvolutionShape shape = ConvolutionShape.square(new FeatureShape(3, 7, 5), 4, 3, 2, 1);
        Columns columns = new Columns(shape, 2);
        Random random = new Random(1);
        float[] input = random(2 * shape.input().elementsPerImage(), random);
        float[] matrix = random(columns.taps() * columns.positions(), random);

        assertThat(inner(columns.gather(input), matrix))
                .isCloseTo(inner(input, columns.scatter(matrix)), within(1e-3));
    }

    @Test
    void pixelsAndColumnsAreInverse() {
        FeatureShape extents = new FeatureShape(3, 2, 4);
        float[] images = random(2 * extents.elementsPerImage(), new Random(2));

        float[] matrix = Columns.pixelsToColumns(images, 2, extents);

        assertThat(matrix).startsWith(images[0], images[8], images[16], images[1]);
        assertThat(Columns.columnsToPixels(matrix, 2, extents)).isEqualTo(images);
    }

    private static float[] random(int count, Random random) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = random.nextFloat() - 0.5f;
        }
        return numbers;
    }

    private static double inner(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
