package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The reference batch normalisation against finite differences in double precision. */
final class ScalarBatchNormTest {
    private static final double EPSILON = 1e-3;
    private static final double STEP = 1e-5;

    private final FeatureShape shape = new FeatureShape(3, 2, 2);
    private final BatchLayout batch = BatchLayout.of(5);
    private final Random random = new Random(12);
    private final ScalarBatchNorm kernel = new ScalarBatchNorm(shape, batch);

    private final Storage x = random(batch.elements(shape));
    private final Storage residual = random(batch.elements(shape));
    private final Storage dOut = random(batch.elements(shape));
    /** Large enough that ReLU6 and hard-swish clamp at both ends. */
    private final Storage gamma = random(shape.channels(), 3, 1);
    private final Storage beta = random(shape.channels());
    private final Storage mean = random(shape.channels());
    private final Storage variance = random(shape.channels());
    private final Storage out = random(batch.elements(shape));
    private final Gates gates = Gates.allocate(shape, batch);
    private final NormalisationParameters parameters =
            new NormalisationParameters(mean, variance, EPSILON, gamma, beta);

    @Test
    void normalisesToMeanZeroAndVarianceOne() {
        kernel.moments(x);
        kernel.statistics(mean, variance);
        gamma.fill(1);
        beta.fill(0);
        var parameters = new NormalisationParameters(mean, variance, 0, gamma, beta);
        kernel.normalise(x, parameters, null, Activation.IDENTITY, null, out);
        kernel.moments(out);
        kernel.statistics(mean, variance);
        for (int channel = 0; channel < shape.channels(); channel++) {
            assertThat(mean.get(channel)).isEqualTo(0, within(1e-12));
            assertThat(variance.get(channel)).isEqualTo(1, within(1e-12));
        }
    }

    @Test
    void gradientsAgreeWithFiniteDifferences() {
        for (Activation activation : Activation.values()) {
            for (boolean add : new boolean[]{false, true}) {
                if (!add || activation.takesResidual()) {
                    compareGradients(activation, add ? residual : null);
                }
            }
        }
    }

    private void compareGradients(Activation activation, Storage added) {
        objective(activation, added, gates);
        Storage dz = Storage.allocate(ElementType.DOUBLE, dOut.size());
        for (long i = 0; i < dOut.size(); i++) {
            dz.set(i, isImage(i) ? dOut.get(i) : 0);
        }
        Storage dx = random(batch.elements(shape));
        Storage dGamma = random(shape.channels());
        Storage dBeta = random(shape.channels());
        kernel.backward(x, parameters, activation, gates, dz, dx, dGamma, dBeta);
        assertGradient(x, dx, activation, added, "dx");
        assertGradient(gamma, dGamma, activation, added, "dGamma");
        assertGradient(beta, dBeta, activation, added, "dBeta");
        if (added != null) {
            assertGradient(residual, dz, activation, added, "dResidual");
        }
    }

    private void assertGradient(
            Storage argument, Storage gradient, Activation activation, Storage added, String name) {
        for (long i = 0; i < argument.size(); i++) {
            double value = argument.get(i);
            argument.set(i, value + STEP);
            double above = objective(activation, added, null);
            argument.set(i, value - STEP);
            double below = objective(activation, added, null);
            argument.set(i, value);
            assertThat(gradient.get(i)).as("%s[%d], %s", name, i, activation)
                    .isEqualTo((above - below) / (2 * STEP), within(1e-6));
        }
    }

    /** Sum of {@code dOut * out} over the images; padding is no part of it. */
    private double objective(Activation activation, Storage added, Gates writtenGates) {
        kernel.moments(x);
        kernel.statistics(mean, variance);
        kernel.normalise(x, parameters, added, activation, writtenGates, out);
        double sum = 0;
        for (long i = 0; i < out.size(); i++) {
            if (isImage(i)) {
                sum += dOut.get(i) * out.get(i);
            }
        }
        return sum;
    }

    private boolean isImage(long index) {
        return index % batch.blockWidth() < batch.images();
    }

    private Storage random(long size) {
        return random(size, 0, 1);
    }

    private Storage random(long size, double average, double deviation) {
        Storage storage = Storage.allocate(ElementType.DOUBLE, size);
        for (long i = 0; i < size; i++) {
            storage.set(i, average + deviation * random.nextGaussian());
        }
        return storage;
    }
}
