package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** SIMD max pooling against the scalar twin, bit for bit, with many ties; and the twin against a worked example. */
final class SimdMaxPoolTwinTest {
    private static final long SEED = 41;

    private static final List<PoolingShape> SHAPES = List.of(
            new PoolingShape(new FeatureShape(1, 1, 1), 1, 1, 0),
            new PoolingShape(new FeatureShape(1, 5, 7), 3, 2, 1),
            new PoolingShape(new FeatureShape(3, 8, 8), 3, 2, 1),
            new PoolingShape(new FeatureShape(5, 7, 9), 2, 2, 0),
            new PoolingShape(new FeatureShape(64, 6, 5), 3, 2, 1),
            new PoolingShape(new FeatureShape(7, 6, 6), 3, 1, 1),
            new PoolingShape(new FeatureShape(2, 9, 4), 4, 3, 2),
            new PoolingShape(new FeatureShape(3, 7, 7), 2, 3, 0),
            new PoolingShape(new FeatureShape(2, 2, 300), 2, 1, 1));

    private static final List<BatchLayout> BATCHES = List.of(
            BatchLayout.of(1),
            BatchLayout.of(15),
            BatchLayout.of(17),
            BatchLayout.of(33),
            new BatchLayout(33, 16),
            new BatchLayout(65, 64),
            new BatchLayout(48, 48));

    @Test
    void agreesOnAwkwardShapes() {
        for (int threads = 1; threads <= 3; threads++) {
            try (Kernels kernels = new SimdKernels(threads, "test")) {
                for (PoolingShape shape : SHAPES) {
                    for (BatchLayout batch : BATCHES) {
                        compare(kernels.maxPool(shape, batch), shape, batch);
                    }
                }
            }
        }
    }

    private static void compare(MaxPoolKernel kernel, PoolingShape shape, BatchLayout batch) {
        String message = shape + " " + batch;
        Random random = new Random(SEED);
        MaxPoolKernel twin = new ScalarMaxPool(shape, batch);
        // The second pass must not see winners of the first.
        for (int pass = 0; pass < 2; pass++) {
            GuardedStorage x = floats(batch, shape.input());
            for (long i = 0; i < x.storage().size(); i++) {
                x.storage().set(i, random.nextInt(5) - 7);
            }
            GuardedStorage y = floats(batch, shape.output());
            GuardedStorage expectedY = floats(batch, shape.output());
            kernel.forward(x.storage(), y.storage());
            twin.forward(x.storage(), expectedY.storage());
            same(y, expectedY, batch, shape.output(), "y of " + message);
            GuardedStorage dy = floats(batch, shape.output()).random(random, 0, 1);
            GuardedStorage dx = floats(batch, shape.input());
            GuardedStorage expectedDx = floats(batch, shape.input());
            kernel.backward(dy.storage(), dx.storage());
            twin.backward(dy.storage(), expectedDx.storage());
            same(dx, expectedDx, batch, shape.input(), "dx of " + message);
        }
    }

    @Test
    void tiesGoToTheTopRowThenTheLeftColumnAndPaddingNeverWins() {
        // Rows of the image: (-1 -1 -3) and (-1 -2 -2); windows of 2 with padding 1, so 3 x 4 of them.
        PoolingShape shape = new PoolingShape(new FeatureShape(1, 2, 3), 2, 1, 1);
        BatchLayout batch = BatchLayout.of(1);
        Storage x = image(batch, shape.input(), -1, -1, -1, -2, -3, -2);
        Storage y = Storage.allocate(ElementType.DOUBLE, batch.elements(shape.output()));
        Storage dx = Storage.allocate(ElementType.DOUBLE, batch.elements(shape.input()));
        MaxPoolKernel kernel = new ScalarMaxPool(shape, batch);
        kernel.forward(x, y);
        assertThat(numbers(y, batch)).containsExactly(-1, -1, -1, -1, -1, -1, -1, -1, -2, -3, -2, -2);
        kernel.backward(image(batch, shape.output(), 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048), dx);
        // The window at row 1, column 1 has ties in both directions, that at row 2, column 2 between columns.
        assertThat(numbers(dx, batch)).containsExactly(1 + 2 + 8 + 16, 4 + 32, 64 + 128, 256, 512, 1024 + 2048);
    }

    @Test
    void givesTheSameBitsWhateverTheThreads() {
        PoolingShape shape = new PoolingShape(new FeatureShape(24, 9, 9), 3, 2, 1);
        BatchLayout batch = BatchLayout.of(70);
        Storage x = floats(batch, shape.input()).random(new Random(SEED), 0, 1).storage();
        Storage expected = null;
        for (int threads = 1; threads <= 4; threads++) {
            try (Kernels kernels = new SimdKernels(threads, "test")) {
                MaxPoolKernel kernel = kernels.maxPool(shape, batch);
                Storage y = floats(batch, shape.output()).storage();
                Storage dx = floats(batch, shape.input()).storage();
                kernel.forward(x, y);
                kernel.backward(y, dx);
                expected = expected == null ? dx : expected;
                assertThat(dx.segment().mismatch(expected.segment())).isEqualTo(-1);
            }
        }
    }

    @Test
    @Tag(Allocation.TAG)
    void allocatesNothing() throws InterruptedException {
        PoolingShape shape = new PoolingShape(new FeatureShape(6, 8, 8), 3, 2, 1);
        try (Kernels kernels = new SimdKernels(2, "test")) {
            for (BatchLayout batch : List.of(new BatchLayout(40, 32), new BatchLayout(20, 16))) {
                Storage x = floats(batch, shape.input()).random(new Random(SEED), 0, 1).storage();
                Storage y = floats(batch, shape.output()).random(new Random(SEED), 0, 1).storage();
                MaxPoolKernel kernel = kernels.maxPool(shape, batch);
                Allocation.assertNone("forward", () -> kernel.forward(x, y));
                Allocation.assertNone("backward", () -> kernel.backward(y, x));
            }
        }
    }

    @Test
    void refusesWrongArguments() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PoolingShape(new FeatureShape(1, 4, 4), 3, 2, 2))
                .withMessageContaining("half a window");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PoolingShape(new FeatureShape(1, 4, 2), 3, 2, 0))
                .withMessageContaining("larger than input");
        PoolingShape shape = new PoolingShape(new FeatureShape(2, 4, 4), 2, 2, 0);
        BatchLayout batch = BatchLayout.of(3);
        Storage x = Storage.allocate(ElementType.FLOAT, batch.elements(shape.input()));
        Storage y = Storage.allocate(ElementType.FLOAT, batch.elements(shape.output()));
        try (Kernels kernels = new SimdKernels(1, "test")) {
            for (MaxPoolKernel kernel : List.of(kernels.maxPool(shape, batch), new ScalarMaxPool(shape, batch))) {
                assertThatIllegalArgumentException().isThrownBy(() -> kernel.forward(y, y)).withMessageContaining("x");
                assertThatIllegalArgumentException().isThrownBy(() -> kernel.forward(x, x)).withMessageContaining("y");
                assertThatIllegalArgumentException().isThrownBy(() -> kernel.backward(y, y)).withMessageContaining(
                        "dx");
            }
        }
    }

    private static GuardedStorage floats(BatchLayout batch, FeatureShape shape) {
        return GuardedStorage.poisoned(ElementType.FLOAT, batch.elements(shape));
    }

    /** The one image of a batch from its numbers in memory order. */
    private static Storage image(BatchLayout batch, FeatureShape shape, double... values) {
        Storage storage = Storage.allocate(ElementType.DOUBLE, batch.elements(shape));
        for (int i = 0; i < values.length; i++) {
            storage.set((long) i * batch.blockWidth(), values[i]);
        }
        return storage;
    }

    private static double[] numbers(Storage storage, BatchLayout batch) {
        double[] values = new double[(int) storage.size() / batch.blockWidth()];
        for (int i = 0; i < values.length; i++) {
            values[i] = storage.get((long) i * batch.blockWidth());
        }
        return values;
    }

    /** Every image the same; padding anything finite. */
    private static void same(
            GuardedStorage actual, GuardedStorage expected, BatchLayout batch, FeatureShape shape, String message) {
        actual.verify(message);
        expected.verify("twin's " + message);
        for (int image = 0; image < batch.images(); image++) {
            long first = batch.index(shape, image, 0, 0, 0);
            for (int i = 0; i < shape.elementsPerImage(); i++) {
                long at = first + (long) i * batch.blockWidth();
                if (actual.storage().get(at) != expected.storage().get(at)) {
                    assertThat(actual.storage().get(at))
                            .as("image %d, number %d of %s", image, i, message)
                            .isEqualTo(expected.storage().get(at));
                }
            }
        }
    }
}
