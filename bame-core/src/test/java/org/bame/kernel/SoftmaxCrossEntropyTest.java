package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SoftmaxCrossEntropyTest {
    private static final double STEP = 1e-6;

    @Test
    void lossOfEqualLogitsIsTheLogarithmOfTheClasses() {
        Storage logits = Storage.allocate(ElementType.DOUBLE, 8);
        Storage labels = Storage.allocate(ElementType.DOUBLE, 8);
        labels.set(2, 1);
        labels.set(4, 1);
        assertThat(SoftmaxCrossEntropy.run(2, 4, 1, 0, logits, labels, null)).isEqualTo(2 * Math.log(4), within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void gradientAgreesWithFiniteDifferences(int positions) {
        Random random = new Random(3);
        int size = 15 * positions;
        Storage logits = Storage.allocate(ElementType.DOUBLE, size);
        Storage labels = Storage.allocate(ElementType.DOUBLE, size);
        Storage gradient = Storage.allocate(ElementType.DOUBLE, size);
        for (int i = 0; i < size; i++) {
            logits.set(i, 3 * random.nextGaussian());
        }
        for (int image = 0; image < 3; image++) {
            for (int position = 0; position < positions; position++) {
                labels.set((image * 5L + random.nextInt(5)) * positions + position, 1);
            }
        }
        for (double smoothing : new double[]{0, 0.1, 1}) {
            SoftmaxCrossEntropy.run(3, 5, positions, smoothing, logits, labels, gradient);
            for (int i = 0; i < size; i++) {
                double value = logits.get(i);
                logits.set(i, value + STEP);
                double above = SoftmaxCrossEntropy.run(3, 5, positions, smoothing, logits, labels, null);
                logits.set(i, value - STEP);
                double below = SoftmaxCrossEntropy.run(3, 5, positions, smoothing, logits, labels, null);
                logits.set(i, value);
                assertThat(gradient.get(i)).isEqualTo((above - below) / (2 * STEP), within(1e-7));
            }
        }
    }

    /** Predictions side by side cost in the mean what each costs alone. */
    @Test
    void anImagesLossIsTheMeanOverItsPositions() {
        Random random = new Random(4);
        Storage logits = Storage.allocate(ElementType.DOUBLE, 7 * 3);
        Storage labels = Storage.allocate(ElementType.DOUBLE, 7 * 3);
        double sum = 0;
        for (int position = 0; position < 3; position++) {
            Storage own = Storage.allocate(ElementType.DOUBLE, 7);
            Storage label = Storage.allocate(ElementType.DOUBLE, 7);
            label.set(random.nextInt(7), 1);
            for (int c = 0; c < 7; c++) {
                own.set(c, random.nextGaussian());
                logits.set(c * 3L + position, own.get(c));
                labels.set(c * 3L + position, label.get(c));
            }
            sum += SoftmaxCrossEntropy.run(1, 7, 1, 0.1, own, label, null);
        }
        assertThat(SoftmaxCrossEntropy.run(1, 7, 3, 0.1, logits, labels, null)).isEqualTo(sum / 3, within(1e-12));
    }

    @Test
    void survivesLargeLogits() {
        Storage logits = Storage.allocate(ElementType.FLOAT, 2);
        Storage labels = Storage.allocate(ElementType.FLOAT, 2);
        Storage gradient = Storage.allocate(ElementType.FLOAT, 2);
        logits.set(0, 5000);
        logits.set(1, -5000);
        labels.set(1, 1);
        assertThat(SoftmaxCrossEntropy.run(1, 2, 1, 0, logits, labels, gradient)).isEqualTo(10000);
        assertThat(gradient.get(0)).isEqualTo(1);
        assertThat(gradient.get(1)).isEqualTo(-1);
    }

    @Test
    void refusesWrongArguments() {
        Storage two = Storage.allocate(ElementType.FLOAT, 2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SoftmaxCrossEntropy.run(1, 3, 1, 0, two, two, null))
                .withMessageContaining("logits has 2 elements, expected 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SoftmaxCrossEntropy.run(1, 2, 1, 1.5, two, two, null))
                .withMessageContaining("smoothing");
    }
}
