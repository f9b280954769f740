package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Holds a provider's batch normalisation against the scalar twin. */
abstract class BatchNormTwinTest {
    private static final long SEED = 31;
    private static final double EPSILON = 1e-5;

    private static final List<FeatureShape> SHAPES = List.of(
            new FeatureShape(1, 1, 1),
            new FeatureShape(1, 5, 3),
            new FeatureShape(3, 7, 5),
            new FeatureShape(16, 9, 8),
            new FeatureShape(65, 4, 4),
            new FeatureShape(600, 2, 1),
            new FeatureShape(1030, 1, 1));

    private static final List<BatchLayout> BATCHES = List.of(
            BatchLayout.of(2),
            BatchLayout.of(15),
            BatchLayout.of(16),
            BatchLayout.of(17),
            BatchLayout.of(31),
            BatchLayout.of(33),
            BatchLayout.of(64),
            new BatchLayout(5, 48),
            new BatchLayout(33, 16),
            new BatchLayout(65, 64));

    /** The provider under test; only 32-bit floating point is asked of it. */
    abstract Kernels candidate(int threads);

    @Test
    void agreesOnAwkwardShapes() {
        try (Kernels kernels = candidate(2)) {
            long seed = SEED;
            for (FeatureShape shape : SHAPES) {
                for (BatchLayout batch : BATCHES) {
                    for (Activation activation : Activation.values()) {
                        Tensors tensors = new Tensors(shape, batch, 1.5, 2, ++seed);
                        tensors.compare(kernels.batchNorm(shape, batch), activation, false);
                        if (activation.takesResidual()) {
                            tensors = new Tensors(shape, batch, 1.5, 2, ++seed);
                            tensors.compare(kernels.batchNorm(shape, batch), activation, true);
                        }
                    }
                }
            }
        }
    }

    /** Single-precision sums of squares cancel here, if they are not taken about something near the mean. */
    @Test
    void survivesMeansFarFromZero() {
        FeatureShape shape = new FeatureShape(5, 16, 16);
        BatchLayout batch = BatchLayout.of(70);
        try (Kernels kernels = candidate(2)) {
            new Tensors(shape, batch, 3000, 0.5, SEED).compareStatistics(kernels.batchNorm(shape, batch), 1e-4);
            Tensors constant = new Tensors(shape, batch, 7, 0, SEED);
            constant.compareStatistics(kernels.batchNorm(shape, batch), 0);
            for (int channel = 0; channel < shape.channels(); channel++) {
                assertThat(constant.mean.storage().get(channel)).isEqualTo(7);
                assertThat(constant.variance.storage().get(channel)).isZero();
            }
        }
    }

    @Test
    void mayWriteTheInputGradientOverTheOutputGradient() {
        FeatureShape shape = new FeatureShape(20, 5, 6);
        BatchLayout batch = BatchLayout.of(37);
        try (Kernels kernels = candidate(2)) {
            BatchNormKernel kernel = kernels.batchNorm(shape, batch);
            Tensors apart = new Tensors(shape, batch, 0, 1, SEED);
            Tensors alias = new Tensors(shape, batch, 0, 1, SEED);
            apart.forward(kernel, Activation.RELU, true);
            apart.backward(kernel, Activation.RELU, apart.dx.storage());
            alias.forward(kernel, Activation.RELU, true);
            alias.backward(kernel, Activation.RELU, alias.dOut.storage());
            assertSame(alias.dOut, apart.dx, "dx");
            assertSame(alias.dGamma, apart.dGamma, "dGamma");
        }
    }

    @Test
    void givesTheSameBitsOnAnyNumberOfThreads() {
        FeatureShape shape = new FeatureShape(40, 12, 11);
        BatchLayout batch = BatchLayout.of(75);
        Tensors first = null;
        for (int threads = 1; threads <= 5; threads++) {
            try (Kernels kernels = candidate(threads)) {
                BatchNormKernel kernel = kernels.batchNorm(shape, batch);
                for (int repetition = 0; repetition < 10; repetition++) {
                    Tensors tensors = new Tensors(shape, batch, 1, 2, SEED);
                    kernel.moments(tensors.x.storage());
                    kernel.statistics(tensors.mean.storage(), tensors.variance.storage());
                    tensors.forward(kernel, Activation.RELU, true);
                    tensors.backward(kernel, Activation.RELU, tensors.dx.storage());
                    if (first == null) {
                        first = tensors;
                    }
                    String message = threads + " threads, call " + repetition + ", ";
                    assertSame(tensors.mean, first.mean, message + "mean");
                    assertSame(tensors.variance, first.variance, message + "variance");
                    assertSame(tensors.out, first.out, message + "out");
                    assertSame(tensors.dx, first.dx, message + "dx");
                    assertSame(tensors.dOut, first.dOut, message + "dOut");
                    assertSame(tensors.dGamma, first.dGamma, message + "dGamma");
                    assertSame(tensors.dBeta, first.dBeta, message + "dBeta");
                }
            }
        }
    }

    @Test
    void refusesWrongArguments() {
        FeatureShape shape = new FeatureShape(4, 3, 3);
        BatchLayout batch = BatchLayout.of(3);
        Tensors t = new Tensors(shape, batch, 0, 1, SEED);
        Storage x = t.x.storage();
        Storage mean = t.mean.storage();
        try (Kernels kernels = candidate(1)) {
            BatchNormKernel kernel = kernels.batchNorm(shape, batch);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernel.moments(mean))
                    .withMessageContaining("x has 4 elements, expected 576");
            assertThatIllegalStateException()
                    .isThrownBy(() -> kernel.statistics(mean, mean))
                    .withMessageContaining("moments(x)");
            kernel.moments(x);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernel.statistics(mean, x))
                    .withMessageContaining("variance");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernel.backward(x, t.parameters, Activation.RELU, null, x, x, mean, mean))
                    .withMessageContaining("gates are null");
            Gates others = Gates.allocate(new FeatureShape(4, 3, 4), batch);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernel.normalise(x, t.parameters, null, Activation.RELU6, others, x))
                    .withMessageContaining("gates are for 768 activations, expected those of 576");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new NormalisationParameters(mean, mean, -1, mean, mean))
                    .withMessageContaining("epsilon");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernel.normalise(x, t.parameters, mean, Activation.RELU, null, x))
                    .withMessageContaining("residual");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernel.normalise(x, t.parameters, x, Activation.HARD_SWISH, null, x))
                    .withMessageContaining("HARD_SWISH got a residual");
        }
    }

    private static void assertSame(GuardedStorage actual, GuardedStorage expected, String message) {
        assertThat(actual.storage().segment().mismatch(expected.storage().segment())).as(message).isEqualTo(-1);
    }

    /** The tensors of one batch normalisation; padding holds numbers that would spoil any sum. */
    private static final class Tensors {
        final FeatureShape shape;
        final BatchLayout batch;
        final String message;
        final GuardedStorage x;
        final GuardedStorage residual;
        final GuardedStorage dOut;
        final GuardedStorage gamma;
        final GuardedStorage beta;
        final GuardedStorage mean;
        final GuardedStorage variance;
        final GuardedStorage out;
        final GuardedStorage dx;
        final GuardedStorage dGamma;
        final GuardedStorage dBeta;
        final Gates gates;
        final NormalisationParameters parameters;

        Tensors(FeatureShape shape, BatchLayout batch, double mean, double deviation, long seed) {
            this.shape = shape;
            this.batch = batch;
            this.message = " of " + shape + " " + batch + " seed " + seed;
            Random random = new Random(seed);
            x = activations().random(random, mean, deviation);
            residual = activations().random(random, 0, 1);
            dOut = activations().random(random, 0.1, 1);
            fillPadding(x.storage(), 1e30);
            fillPadding(residual.storage(), 1e30);
            fillPadding(dOut.storage(), 0);
            gamma = vector().random(random, 3, 1);
            beta = vector().random(random, 0, 0.5);
            this.mean = vector().random(random, mean, 0.1);
            variance = vector().random(random, 4, 0.1);
            out = activations();
            dx = activations();
            dGamma = vector();
            dBeta = vector();
            gates = Gates.allocate(shape, batch);
            parameters = new NormalisationParameters(
                    this.mean.storage(), variance.storage(), EPSILON, gamma.storage(), beta.storage());
        }

        private GuardedStorage activations() {
            return GuardedStorage.poisoned(ElementType.FLOAT, batch.elements(shape));
        }

        private GuardedStorage vector() {
            return GuardedStorage.misaligned(ElementType.FLOAT, shape.channels());
        }

        private void fillPadding(Storage activations, double value) {
            for (int image = batch.images(); image < batch.blocks() * batch.blockWidth(); image++) {
                long first = batch.index(shape, image, 0, 0, 0);
                for (int i = 0; i < shape.elementsPerImage(); i++) {
                    activations.set(first + (long) i * batch.blockWidth(), value);
                }
            }
        }

        void forward(BatchNormKernel kernel, Activation activation, boolean add) {
            kernel.normalise(x.storage(), parameters, add ? residual.storage() : null, activation, gates,
                    out.storage());
        }

        void backward(BatchNormKernel kernel, Activation activation, Storage dx) {
            kernel.backward(x.storage(), parameters, activation, gates, dOut.storage(), dx, dGamma.storage(),
                    dBeta.storage());
        }

        void compareStatistics(BatchNormKernel kernel, double tolerance) {
            Storage twinMean = Storage.allocate(ElementType.FLOAT, shape.channels());
            Storage twinVariance = Storage.allocate(ElementType.FLOAT, shape.channels());
            BatchNormKernel reference = new ScalarBatchNorm(shape, batch);
            reference.moments(x.storage());
            reference.statistics(twinMean, twinVariance);
            kernel.moments(x.storage());
            kernel.statistics(mean.storage(), variance.storage());
            for (int channel = 0; channel < shape.channels(); channel++) {
                double expected = twinVariance.get(channel);
                double rounding = 1.2e-7 * Math.abs(twinMean.get(channel));
                assertThat(mean.storage().get(channel)).as("mean %d%s", channel, message)
                        .isCloseTo(twinMean.get(channel), within(rounding + 1e-6 * Math.sqrt(expected)));
                assertThat(variance.storage().get(channel)).as("variance %d%s", channel, message)
                        .isCloseTo(expected, within(tolerance * expected));
            }
            mean.verify("mean" + message);
            variance.verify("variance" + message);
        }

        void compare(BatchNormKernel kernel, Activation activation, boolean add) {
            compareStatistics(kernel, 1e-5);
            Tensors twin = new Tensors(shape, batch, 0, 1, 0);
            BatchNormKernel reference = new ScalarBatchNorm(shape, batch);
            forward(kernel, activation, add);
            reference.normalise(x.storage(), parameters, add ? residual.storage() : null, activation, twin.gates,
                    twin.out.storage());
            close(out, twin.out, batch.images(), "out");
            compareGates(activation);
            // The same gates for both: at a kink, rounding decides.
            twin.dOut.storage().copyFrom(dOut.storage());
            backward(kernel, activation, dx.storage());
            reference.backward(x.storage(), parameters, activation, gates, twin.dOut.storage(), twin.dx.storage(),
                    twin.dGamma.storage(), twin.dBeta.storage());
            int padded = batch.blocks() * batch.blockWidth();
            close(dx, twin.dx, padded, "dx");
            close(dOut, twin.dOut, padded, "dOut");
            for (int channel = 0; channel < shape.channels(); channel++) {
                double bound = 1e-5 * Math.sqrt((double) batch.images() * shape.pixels());
                assertThat(dGamma.storage().get(channel)).as("dGamma %d%s", channel, message)
                        .isCloseTo(twin.dGamma.storage().get(channel), within(10 * bound));
                assertThat(dBeta.storage().get(channel)).as("dBeta %d%s", channel, message)
                        .isCloseTo(twin.dBeta.storage().get(channel), within(10 * bound));
            }
            for (GuardedStorage guarded : List.of(x, residual, dOut, gamma, beta, dGamma, dBeta)) {
                guarded.verify("a tensor" + message);
            }
        }

        /** Gates are open where the output itself lies between the bounds, and closed in the padding. */
        private void compareGates(Activation activation) {
            for (long i = 0; i < gates.size(); i++) {
                long image = i / (batch.blockWidth() * (long) shape.elementsPerImage()) * batch.blockWidth()
                        + i % batch.blockWidth();
                boolean open = activation.gated()
                        && image < batch.images()
                        && activation.slope(out.storage().get(i)) != 0;
                if (gates.open(i) != open) {
                    assertThat(gates.open(i)).as("gate %d of image %d%s", i, image, message).isEqualTo(open);
                }
            }
        }

        /** Compares images, of which those beyond the batch's are padding and must be 0. */
        private void close(GuardedStorage actual, GuardedStorage expected, int images, String name) {
            actual.verify(name + message);
            for (int image = 0; image < images; image++) {
                long first = batch.index(shape, image, 0, 0, 0);
                for (int i = 0; i < shape.elementsPerImage(); i++) {
                    long at = first + (long) i * batch.blockWidth();
                    double value = expected.storage().get(at);
                    double tolerance = image < batch.images() ? 4e-5 * (1 + Math.abs(value)) : 0; // gamma is about 3
                    if (!(Math.abs(actual.storage().get(at) - value) <= tolerance)) {
                        assertThat(actual.storage().get(at))
                                .as("%s at image %d, number %d%s", name, image, i, message)
                                .isCloseTo(value, within(tolerance));
                    }
                }
            }
        }
    }
}
