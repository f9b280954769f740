package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.bame.sparsity.Mask;
import org.bame.sparsity.Support;
import org.junit.jupiter.api.Test;

/** The reference itself: against numbers worked out by hand, and against the algebra that ties the products. */
final class ScalarConvolutionTest {
    @Test
    void agreesWithAnExampleWorkedOutByHand() {
        // One image of 2 rows x 3 columns, a 2x2 kernel; memory order is column by column.
        ConvolutionShape shape = ConvolutionShape.square(new FeatureShape(1, 2, 3), 1, 2, 1, 0);
        BatchLayout batch = BatchLayout.of(1);
        ScalarConvolution kernel = new ScalarConvolution(shape, batch);
        Storage x = image(batch, shape.input(), 1, 4, 2, 5, 3, 6);
        Storage w = doubles(10, 20, 30, 40);
        Storage y = poisoned(batch.elements(shape.output()));
        assertThat(kernel.forward(Support.DENSE, w, x, y)).isEqualTo(8);
        // Rows of the image are (1 2 3) and (4 5 6), of the kernel (10 20) and (30 40).
        assertImage(y, batch, 10 + 40 + 120 + 200, 20 + 60 + 150 + 240);

        Storage dy = image(batch, shape.output(), 1, 2);
        Storage dx = poisoned(batch.elements(shape.input()));
        assertThat(kernel.inputGradient(Support.DENSE, w, dy, dx)).isEqualTo(8);
        assertImage(dx, batch, 10, 30, 20 + 2 * 10, 40 + 2 * 30, 2 * 20, 2 * 40);

        Storage dw = poisoned(4);
        assertThat(kernel.weightGradient(Support.DENSE, x, dy, dw)).isEqualTo(8);
        assertThat(values(dw)).containsExactly(1 + 2 * 2, 2 + 2 * 3, 4 + 2 * 5, 5 + 2 * 6);
    }

    @Test
    void skipsWeightsOutsideTheSupportAndCountsTapsInThePadding() {
        ConvolutionShape shape = ConvolutionShape.square(new FeatureShape(1, 2, 2), 1, 3, 2, 1);
        BatchLayout batch = BatchLayout.of(1);
        ScalarConvolution kernel = new ScalarConvolution(shape, batch);
        Mask mask = Mask.empty(shape.weights());
        mask.set(shape.weights().index(0, 0, 0, 0), true);
        mask.set(shape.weights().index(0, 1, 2, 0), true);
        Storage w = doubles(1, 2, 3, 4, 5, 6, 7, 8, 9);
        w.set(4, Double.NaN);
        Storage x = image(batch, shape.input(), 10, 30, 20, 40);
        Storage y = poisoned(batch.elements(shape.output()));
        // The only output looks at the image's rows and columns -1, 0 and 1: tap (0, 0) is padding, tap (1, 2) is 20.
        assertThat(kernel.forward(Support.of(mask), w, x, y)).isEqualTo(2);
        assertImage(y, batch, 6 * 20);
        Storage dw = poisoned(9);
        assertThat(kernel.weightGradient(Support.of(mask), x, y, dw)).isEqualTo(2);
        assertThat(values(dw)).containsExactly(0, 0, 0, 0, 0, 120 * 20, 0, 0, 0);
    }

    /** Two groups of 2 inputs and 1 output are two convolutions side by side. */
    @Test
    void outputsOfAGroupSeeItsInputsAlone() {
        ConvolutionShape shape = ConvolutionShape.linear(4, 2).inGroups(2);
        BatchLayout batch = BatchLayout.of(1);
        ScalarConvolution kernel = new ScalarConvolution(shape, batch);
        Storage x = image(batch, shape.input(), 1, 2, 3, 4);
        Storage w = doubles(10, 20, 30, 40);
        Storage y = poisoned(batch.elements(shape.output()));
        assertThat(shape.macsPerSample()).isEqualTo(4);
        assertThat(kernel.forward(Support.DENSE, w, x, y)).isEqualTo(4);
        assertImage(y, batch, 10 + 2 * 20, 3 * 30 + 4 * 40);
        Storage dx = poisoned(batch.elements(shape.input()));
        assertThat(kernel.inputGradient(Support.DENSE, w, image(batch, shape.output(), 1, 2), dx)).isEqualTo(4);
        assertImage(dx, batch, 10, 20, 60, 80);
        Storage dw = poisoned(4);
        assertThat(kernel.weightGradient(Support.DENSE, x, image(batch, shape.output(), 1, 2), dw)).isEqualTo(4);
        assertThat(values(dw)).containsExactly(1, 2, 6, 8);
    }

    /** The products are adjoint: {@code <dy, W x> = <W^T dy, x> = <dw, w>}, for every support. */
    @Test
    void productsAreAdjoint() {
        Random random = new Random(5);
        for (ConvolutionShape shape : List.of(
                ConvolutionShape.square(new FeatureShape(5, 7, 6), 4, 3, 1, 1),
                ConvolutionShape.square(new FeatureShape(8, 6, 7), 3, 3, 2, 1),
                ConvolutionShape.square(new FeatureShape(3, 9, 9), 2, 5, 2, 2),
                new ConvolutionShape(new FeatureShape(2, 5, 4), 3, 3, 1, 1, 1),
                ConvolutionShape.square(new FeatureShape(6, 5, 4), 9, 3, 2, 1).inGroups(3),
                ConvolutionShape.square(new FeatureShape(4, 5, 4), 8, 3, 1, 1).inGroups(4),
                ConvolutionShape.linear(12, 7))) {
            for (BatchLayout batch : List.of(BatchLayout.of(3), new BatchLayout(19, 16))) {
                for (SupportKind kind : SupportKind.values()) {
                    Support support = kind.make(shape.weights(), random);
                    Storage x = random(batch, shape.input(), random);
                    Storage dy = random(batch, shape.output(), random);
                    Storage w = Storage.allocate(ElementType.DOUBLE, shape.weights().size());
                    for (int i = 0; i < w.size(); i++) {
                        w.set(i, random.nextGaussian());
                    }
                    Storage y = poisoned(batch.elements(shape.output()));
                    Storage dx = poisoned(batch.elements(shape.input()));
                    Storage dw = poisoned(w.size());
                    ScalarConvolution kernel = new ScalarConvolution(shape, batch);
                    kernel.forward(support, w, x, y);
                    kernel.inputGradient(support, w, dy, dx);
                    kernel.weightGradient(support, x, dy, dw);
                    double product = dot(dy, y);
                    assertThat(dot(dx, x)).as("%s %s %s", shape, batch, kind).isEqualTo(product, within(1e-9));
                    assertThat(dot(dw, w)).as("%s %s %s", shape, batch, kind).isEqualTo(product, within(1e-9));
                }
            }
        }
    }

    private static double dot(Storage a, Storage b) {
        double sum = 0;
        for (long i = 0; i < a.size(); i++) {
            sum += a.get(i) * b.get(i);
        }
        return sum;
    }

    private static Storage doubles(double... values) {
        Storage storage = Storage.allocate(ElementType.DOUBLE, values.length);
        for (int i = 0; i < values.length; i++) {
            storage.set(i, values[i]);
        }
        return storage;
    }

    private static Storage poisoned(long size) {
        Storage storage = Storage.allocate(ElementType.DOUBLE, size);
        storage.fill(Double.NaN);
        return storage;
    }

    /** The first image of a batch from its numbers in memory order. */
    private static Storage image(BatchLayout batch, FeatureShape shape, double... values) {
        Storage storage = Storage.allocate(ElementType.DOUBLE, batch.elements(shape));
        for (int i = 0; i < values.length; i++) {
            storage.set((long) i * batch.blockWidth(), values[i]);
        }
        return storage;
    }

    private static Storage random(BatchLayout batch, FeatureShape shape, Random random) {
        Storage storage = Storage.allocate(ElementType.DOUBLE, batch.elements(shape));
        for (int image = 0; image < batch.images(); image++) {
            for (int i = 0; i < shape.elementsPerImage(); i++) {
                storage.set(batch.index(shape, image, 0, 0, 0) + (long) i * batch.blockWidth(), random.nextGaussian());
            }
        }
        return storage;
    }

    private static void assertImage(Storage actual, BatchLayout batch, double... expected) {
        for (int i = 0; i < actual.size(); i++) {
            boolean padding = i % batch.blockWidth() != 0;
            assertThat(actual.get(i)).as("element %d", i).isEqualTo(padding ? 0 : expected[i / batch.blockWidth()]);
        }
    }

    private static double[] values(Storage storage) {
        double[] values = new double[(int) storage.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = storage.get(i);
        }
        return values;
    }
}
