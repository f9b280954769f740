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
    private final Storage gamma = random(shape.channels());
    private final Storage beta = random(shape.channels());
    private final Storage mean = random(shape.channels());
    private final Storage variance = random(shape.channels());
    private final Storage out = random(batch.elements(shape));

    @Test
    void normalisesToMeanZeroAndVarianceOne() {
        kernel.statistics(x, mean, variance);
        gamma.fill(1);
        beta.fill(0);
        kernel.normalise(x, mean, variance, 0, gamma, beta, null, false, out);
        kernel.statistics(out, mean, variance);
        for (int channel = 0; channel < shape.channels(); channel++) {
            assertThat(mean.get(channel)).isEqualTo(0, within(1e-12));
            assertThat(variance.get(channel)).isEqualTo(1, within(1e-12));
        }
    }

    @Test
    void gradientsAgreeWithFiniteDifferences() {
        for (boolean relu : new boolean[]{false, true}) {
            objective(relu);
            Storage dx = random(batch.elements(shape));
            Storage dResidual = random(batch.elements(shape));
            Storage dGamma = random(shape.channels());
            Storage dBeta = random(shape.channels());
            kernel.backward(x, mean, variance, EPSILON, gamma, relu, out, dOut, dx, dResidual, dGamma, dBeta);
            assertGradient(x, dx, relu, "dx");
            assertGradient(residual, dResidual, relu, "dResidual");
            assertGradient(gamma, dGamma, relu, "dGamma");
            assertGradient(beta, dBeta, relu, "dBeta");
        }
    }

    private void assertGradient(Storage argument, Storage gradient, boolean relu, String name) {
        for (long i = 0; i < argument.size(); i++) {
            double value = argument.get(i);
            argument.set(i, value + STEP);
            double above = objective(relu);
            argument.set(i, value - STEP);
            double below = objective(relu);
            argument.set(i, value);
            assertThat(gradient.get(i)).as("%s[%d], relu %s", name, i, relu)
                    .isEqualTo((above - below) / (2 * STEP), within(1e-6));
        }
    }

    /** Sum of {@code dOut * out} over the images; padding is no part of it. */
    private double objective(boolean relu) {
        kernel.statistics(x, mean, variance);
        kernel.normalise(x, mean, variance, EPSILON, gamma, beta, residual, relu, out);
        double sum = 0;
        for (long i = 0; i < out.size(); i++) {
            if (i % batch.blockWidth() < batch.images()) {
                sum += dOut.get(i) * out.get(i);
            }
        }
        return sum;
    }

    private Storage random(long size) {
        Storage storage = Storage.allocate(ElementType.DOUBLE, size);
        for (long i = 0; i < size; i++) {
            storage.set(i, random.nextGaussian());
        }
        return storage;
    }
}
