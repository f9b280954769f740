package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Holds a provider's bias against the scalar twin. */
abstract class BiasTwinTest {
    private static final List<FeatureShape> SHAPES = List.of(
            new FeatureShape(1, 1, 1),
            new FeatureShape(3, 5, 7),
            new FeatureShape(17, 70, 1),
            new FeatureShape(500, 2, 1));

    /** The provider under test; only 32-bit floating point is asked of it. */
    abstract Kernels candidate(int threads);

    @Test
    void agreesOnAwkwardShapes() {
        try (Kernels kernels = candidate(3)) {
            for (FeatureShape shape : SHAPES) {
                for (BatchLayout batch : TwinTensors.BATCHES) {
                    compare(kernels.bias(shape, batch), shape, batch);
                }
            }
        }
    }

    @Test
    void givesTheSameBitsOnAnyNumberOfThreads() {
        FeatureShape shape = new FeatureShape(10, 67, 3);
        BatchLayout batch = BatchLayout.of(75);
        GuardedStorage dy = TwinTensors.images(shape, batch, new Random(4), 1, 2, 0);
        GuardedStorage first = null;
        for (int threads = 1; threads <= 4; threads++) {
            try (Kernels kernels = candidate(threads)) {
                GuardedStorage gradient = GuardedStorage.misaligned(ElementType.FLOAT, shape.channels());
                kernels.bias(shape, batch).gradient(dy.storage(), gradient.storage());
                first = first == null ? gradient : first;
                TwinTensors.assertSame(gradient, first, threads + " threads");
            }
        }
    }

    @Test
    void refusesWrongArguments() {
        FeatureShape shape = new FeatureShape(4, 3, 1);
        BatchLayout batch = BatchLayout.of(3);
        Storage y = Storage.allocate(ElementType.FLOAT, batch.elements(shape));
        try (Kernels kernels = candidate(1)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernels.bias(shape, batch).add(y, y))
                    .withMessageContaining("bias has 192 elements, expected 4");
        }
    }

    @Test
    @Tag(Allocation.TAG)
    void allocatesNothing() throws InterruptedException {
        FeatureShape shape = new FeatureShape(6, 5, 1);
        BatchLayout batch = BatchLayout.of(37);
        Storage y = TwinTensors.images(shape, batch, new Random(4), 1, 2, 0).storage();
        Storage bias = Storage.allocate(ElementType.FLOAT, 6);
        try (Kernels kernels = candidate(2)) {
            BiasKernel kernel = kernels.bias(shape, batch);
            Allocation.assertNone("add", () -> kernel.add(bias, y));
            Allocation.assertNone("gradient", () -> kernel.gradient(y, bias));
        }
    }

    private static void compare(BiasKernel kernel, FeatureShape shape, BatchLayout batch) {
        Random random = new Random(7);
        GuardedStorage y = TwinTensors.images(shape, batch, random, 0, 1, 0);
        GuardedStorage dy = TwinTensors.images(shape, batch, random, 0, 1, Double.NaN);
        GuardedStorage bias = GuardedStorage.misaligned(ElementType.FLOAT, shape.channels()).random(random, 0, 1);
        GuardedStorage dBias = GuardedStorage.misaligned(ElementType.FLOAT, shape.channels());
        Storage expected = Storage.allocate(ElementType.FLOAT, batch.elements(shape));
        expected.copyFrom(y.storage());
        Storage expectedGradient = Storage.allocate(ElementType.FLOAT, shape.channels());
        BiasKernel twin = new ScalarBias(shape, batch);
        kernel.add(bias.storage(), y.storage());
        twin.add(bias.storage(), expected);
        TwinTensors.assertImages(y, expected, shape, batch, 0, "add");
        kernel.gradient(dy.storage(), dBias.storage());
        twin.gradient(dy.storage(), expectedGradient);
        TwinTensors.assertNumbers(dBias, expectedGradient, 1e-4, "gradient of " + shape + " " + batch);
    }
}
