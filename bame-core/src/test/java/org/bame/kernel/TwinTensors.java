package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.function.LongConsumer;

/** Tensors in blocks for tests that hold a provider against its twin, and how they are compared. */
final class TwinTensors {
    /** Batches with and without padding, of one block and several, of odd widths. */
    static final List<BatchLayout> BATCHES = List.of(
            BatchLayout.of(1),
            BatchLayout.of(15),
            BatchLayout.of(16),
            BatchLayout.of(17),
            BatchLayout.of(33),
            new BatchLayout(5, 48),
            new BatchLayout(33, 16),
            new BatchLayout(65, 64));

    private TwinTensors() {}

    /** Activations full of poison, between guard zones. */
    static GuardedStorage activations(FeatureShape shape, BatchLayout batch) {
        return GuardedStorage.poisoned(ElementType.FLOAT, batch.elements(shape));
    }

    /** Random images; every number of the padding is {@code padding}. */
    static GuardedStorage images(
            FeatureShape shape, BatchLayout batch, Random random, double mean, double deviation, double padding) {
        GuardedStorage images = activations(shape, batch).random(random, mean, deviation);
        forPadding(shape, batch, index -> images.storage().set(index, padding));
        return images;
    }

    /** Compares images, and guard zones; the tolerance grows with the expected number's size. */
    static void assertImages(
            GuardedStorage actual, Storage expected, FeatureShape shape, BatchLayout batch, double tolerance,
            String message) {
        actual.verify(message);
        for (int image = 0; image < batch.images(); image++) {
            long first = batch.index(shape, image, 0, 0, 0);
            for (int i = 0; i < shape.elementsPerImage(); i++) {
                long at = first + (long) i * batch.blockWidth();
                double value = expected.get(at);
                double bound = tolerance * (1 + Math.abs(value));
                if (!(Math.abs(actual.storage().get(at) - value) <= bound)) {
                    assertThat(actual.storage().get(at))
                            .as("%s, %s %s: number %d of image %d", message, shape, batch, i, image)
                            .isCloseTo(value, within(bound));
                }
            }
        }
    }

    /** Padding of gradients must be 0, for sums over images to be right further on. */
    static void assertPaddingZero(GuardedStorage actual, FeatureShape shape, BatchLayout batch, String message) {
        forPadding(shape, batch, index -> assertThat(actual.storage().get(index)).as("padding of " + message).isZero());
    }

    /** Compares parameters or their gradients. */
    static void assertNumbers(GuardedStorage actual, Storage expected, double tolerance, String message) {
        actual.verify(message);
        for (long i = 0; i < expected.size(); i++) {
            double bound = tolerance * (1 + Math.abs(expected.get(i)));
            assertThat(actual.storage().get(i)).as("%s: number %d", message, i)
                    .isCloseTo(expected.get(i), within(bound));
        }
    }

    /** Compares bits. */
    static void assertSame(GuardedStorage actual, GuardedStorage expected, String message) {
        assertThat(actual.storage().segment().mismatch(expected.storage().segment())).as(message).isEqualTo(-1);
    }

    private static void forPadding(FeatureShape shape, BatchLayout batch, LongConsumer action) {
        for (int image = batch.images(); image < batch.blocks() * batch.blockWidth(); image++) {
            long first = batch.index(shape, image, 0, 0, 0);
            for (int i = 0; i < shape.elementsPerImage(); i++) {
                action.accept(first + (long) i * batch.blockWidth());
            }
        }
    }
}
