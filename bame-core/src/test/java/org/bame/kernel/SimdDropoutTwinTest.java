package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** SIMD dropout and drop-path against the scalar twin: the same numbers dropped, whatever the vectors and threads. */
final class SimdDropoutTwinTest {
    private static final long SEED = 5;
    private static final double[] PROBABILITIES = {0, 0.1, 0.5, 0.9};

    private final ScalarKernels twin = new ScalarKernels();

    @Test
    void dropsWhatTheTwinDrops() {
        for (int threads = 1; threads <= 3; threads++) {
            try (Kernels kernels = new SimdKernels(threads, "test")) {
                for (long size : new long[]{1, 4, 13, 16, 207, 32768, 32769, 70_001}) {
                    for (double probability : PROBABILITIES) {
                        long key = CounterRandom.key(SEED, size, threads);
                        Random random = new Random(SEED);
                        GuardedStorage x = GuardedStorage.misaligned(ElementType.FLOAT, size).random(random, 5, 1);
                        GuardedStorage y = GuardedStorage.misaligned(ElementType.FLOAT, size);
                        Storage expected = Storage.allocate(ElementType.FLOAT, size);
                        kernels.dropout(key, probability, x.storage(), y.storage());
                        twin.dropout(key, probability, x.storage(), expected);
                        close(y, expected, "dropout of " + size + " with " + probability);
                    }
                }
            }
        }
    }

    @Test
    void dropsTheTwinsImages() {
        for (int threads = 1; threads <= 3; threads++) {
            try (Kernels kernels = new SimdKernels(threads, "test")) {
                for (FeatureShape shape : List.of(
                        new FeatureShape(1, 1, 1), new FeatureShape(17, 3, 5), new FeatureShape(64, 20, 20))) {
                    for (BatchLayout batch : List.of(
                            BatchLayout.of(1), BatchLayout.of(17), BatchLayout.of(33), new BatchLayout(65, 48))) {
                        long key = CounterRandom.key(SEED, threads, batch.images());
                        GuardedStorage x = GuardedStorage.poisoned(ElementType.FLOAT, batch.elements(shape))
                                .random(new Random(SEED), 5, 1);
                        GuardedStorage y = GuardedStorage.poisoned(ElementType.FLOAT, batch.elements(shape));
                        Storage expected = Storage.allocate(ElementType.FLOAT, batch.elements(shape));
                        kernels.dropPath(key, 0.5, shape, batch, x.storage(), y.storage());
                        twin.dropPath(key, 0.5, shape, batch, x.storage(), expected);
                        close(y, expected, "drop-path of " + shape + " " + batch);
                    }
                }
            }
        }
    }

    @Test
    void keepsTheMeanAndIsItsOwnGradient() {
        int size = 1 << 18;
        Storage ones = Storage.allocate(ElementType.DOUBLE, size);
        ones.fill(1);
        Storage y = Storage.allocate(ElementType.DOUBLE, size);
        for (double probability : PROBABILITIES) {
            twin.dropout(CounterRandom.key(SEED, 1, 1), probability, ones, y);
            double sum = 0;
            for (int i = 0; i < size; i++) {
                sum += y.get(i);
                assertThat(y.get(i)).isIn(0.0, 1 / (1 - probability));
            }
            // Four standard deviations of the mean of a scaled Bernoulli variable.
            double deviation = Math.sqrt(probability / (1 - probability) / size);
            assertThat(sum / size).isCloseTo(1, within(4 * deviation + 1e-12));
        }
    }

    @Test
    void dropsWholeImagesAndClearsPadding() {
        FeatureShape shape = new FeatureShape(3, 2, 2);
        BatchLayout batch = BatchLayout.of(20);
        Storage x = Storage.allocate(ElementType.DOUBLE, batch.elements(shape));
        x.fill(3);
        Storage y = Storage.allocate(ElementType.DOUBLE, batch.elements(shape));
        twin.dropPath(CounterRandom.key(SEED, 1, 1), 0.25, shape, batch, x, y);
        int kept = 0;
        for (int image = 0; image < batch.blocks() * batch.blockWidth(); image++) {
            double first = y.get(image);
            assertThat(first).isIn(image < 20 ? new Double[]{0.0, 4.0} : new Double[]{0.0});
            for (int i = 0; i < shape.elementsPerImage(); i++) {
                assertThat(y.get((long) i * batch.blockWidth() + image)).isEqualTo(first);
            }
            kept += first == 0 ? 0 : 1;
        }
        assertThat(kept).isBetween(10, 19);
    }

    @Test
    @Tag(Allocation.TAG)
    void allocatesNothing() throws InterruptedException {
        FeatureShape shape = new FeatureShape(6, 8, 8);
        BatchLayout batch = BatchLayout.of(37);
        Storage x = Storage.allocate(ElementType.FLOAT, batch.elements(shape));
        Storage y = Storage.allocate(ElementType.FLOAT, batch.elements(shape));
        try (Kernels kernels = new SimdKernels(2, "test")) {
            Allocation.assertNone("dropout", () -> kernels.dropout(7, 0.5, x, y));
            Allocation.assertNone("dropPath", () -> kernels.dropPath(7, 0.5, shape, batch, x, y));
        }
    }

    @Test
    void refusesWrongArguments() {
        Storage x = Storage.allocate(ElementType.FLOAT, 16);
        Storage y = Storage.allocate(ElementType.FLOAT, 17);
        try (Kernels kernels = new SimdKernels(1, "test")) {
            for (Kernels each : List.of(kernels, twin)) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> each.dropout(1, 1, x, x))
                        .withMessageContaining("1.0, expected [0, 1)");
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> each.dropout(1, 0.5, x, y))
                        .withMessageContaining("y has 17");
            }
        }
    }

    private static void close(GuardedStorage actual, Storage expected, String message) {
        actual.verify(message);
        for (long i = 0; i < expected.size(); i++) {
            double got = actual.storage().get(i);
            double wanted = expected.get(i);
            if (!(Math.abs(got - wanted) <= 2e-7 * Math.abs(wanted))) {
                assertThat(got).as("element %d of %s", i, message).isEqualTo(wanted);
            }
        }
    }
}
