package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Holds a provider's layer normalisation against the scalar twin. */
abstract class LayerNormTwinTest {
    private static final double EPSILON = 1e-6;

    private static final List<FeatureShape> SHAPES = List.of(
            new FeatureShape(1, 2, 1),
            new FeatureShape(3, 5, 3),
            new FeatureShape(17, 7, 1),
            new FeatureShape(192, 3, 1),
            new FeatureShape(8, 70, 2));

    /** The provider under test; only 32-bit floating point is asked of it. */
    abstract Kernels candidate(int threads);

    @Test
    void agreesOnAwkwardShapes() {
        try (Kernels kernels = candidate(2)) {
            long seed = 5;
            for (FeatureShape shape : SHAPES) {
                for (BatchLayout batch : TwinTensors.BATCHES) {
                    new Tensors(shape, batch, 0.5, 2, ++seed).compare(kernels.tokens().layerNorm(shape, batch), 2e-5);
                }
            }
        }
    }

    /** One pass over the numbers would cancel here. */
    @Test
    void survivesMeansFarFromZero() {
        FeatureShape shape = new FeatureShape(64, 4, 1);
        BatchLayout batch = BatchLayout.of(20);
        try (Kernels kernels = candidate(1)) {
            Tensors tensors = new Tensors(shape, batch, 1000, 1, 3);
            tensors.forward(kernels.tokens().layerNorm(shape, batch));
            for (int image = 0; image < batch.images(); image++) {
                double sum = 0;
                double squares = 0;
                for (int channel = 0; channel < shape.channels(); channel++) {
                    double number = (tensors.out.storage().get(batch.index(shape, image, channel, 1, 0))
                            - tensors.beta.storage().get(channel)) / tensors.gamma.storage().get(channel);
                    sum += number;
                    squares += number * number;
                }
                assertThat(sum / shape.channels()).isCloseTo(0, within(1e-3));
                assertThat(squares / shape.channels()).isCloseTo(1, within(2e-3));
            }
        }
    }

    @Test
    void givesTheSameBitsOnAnyNumberOfThreads() {
        FeatureShape shape = new FeatureShape(40, 67, 3);
        BatchLayout batch = BatchLayout.of(75);
        Tensors first = null;
        for (int threads = 1; threads <= 4; threads++) {
            try (Kernels kernels = candidate(threads)) {
                LayerNormKernel kernel = kernels.tokens().layerNorm(shape, batch);
                for (int repetition = 0; repetition < 5; repetition++) {
                    Tensors tensors = new Tensors(shape, batch, 1, 2, 9);
                    tensors.forward(kernel);
                    tensors.backward(kernel);
                    first = first == null ? tensors : first;
                    TwinTensors.assertSame(tensors.out, first.out, threads + " threads: out");
                    TwinTensors.assertSame(tensors.dx, first.dx, threads + " threads: dx");
                    TwinTensors.assertSame(tensors.dGamma, first.dGamma, threads + " threads: dGamma");
                    TwinTensors.assertSame(tensors.dBeta, first.dBeta, threads + " threads: dBeta");
                }
            }
        }
    }

    @Test
    void refusesWrongArguments() {
        FeatureShape shape = new FeatureShape(4, 3, 1);
        BatchLayout batch = BatchLayout.of(3);
        Tensors t = new Tensors(shape, batch, 0, 1, 1);
        Storage x = t.x.storage();
        Storage gamma = t.gamma.storage();
        try (Kernels kernels = candidate(1)) {
            LayerNormKernel kernel = kernels.tokens().layerNorm(shape, batch);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernel.forward(x, 1, gamma, gamma, x, x))
                    .withMessageContaining("statistics has 192 elements, expected 96");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernel.forward(x, -1, gamma, gamma, x, x))
                    .withMessageContaining("epsilon");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernel.backward(x, t.statistics.storage(), x, x, x, gamma, gamma))
                    .withMessageContaining("gamma");
        }
    }

    @Test
    @Tag(Allocation.TAG)
    void allocatesNothing() throws InterruptedException {
        FeatureShape shape = new FeatureShape(6, 5, 1);
        BatchLayout batch = BatchLayout.of(37);
        Tensors tensors = new Tensors(shape, batch, 0, 1, 1);
        try (Kernels kernels = candidate(2)) {
            LayerNormKernel kernel = kernels.tokens().layerNorm(shape, batch);
            Allocation.assertNone("forward", () -> tensors.forward(kernel));
            Allocation.assertNone("backward", () -> tensors.backward(kernel));
        }
    }

    /** The tensors of one layer normalisation; the padding would spoil any sum over images. */
    private static final class Tensors {
        final FeatureShape shape;
        final BatchLayout batch;
        final GuardedStorage x;
        final GuardedStorage dOut;
        final GuardedStorage gamma;
        final GuardedStorage beta;
        final GuardedStorage statistics;
        final GuardedStorage out;
        final GuardedStorage dx;
        final GuardedStorage dGamma;
        final GuardedStorage dBeta;

        Tensors(FeatureShape shape, BatchLayout batch, double mean, double deviation, long seed) {
            this.shape = shape;
            this.batch = batch;
            Random random = new Random(seed);
            x = TwinTensors.images(shape, batch, random, mean, deviation, 1e30);
            dOut = TwinTensors.images(shape, batch, random, 0.1, 1, 1e30);
            gamma = vector().random(random, 1, 0.3);
            beta = vector().random(random, 0, 0.5);
            statistics = TwinTensors.activations(LayerNormKernel.statistics(shape), batch);
            out = TwinTensors.activations(shape, batch);
            dx = TwinTensors.activations(shape, batch);
            dGamma = vector();
            dBeta = vector();
        }

        private GuardedStorage vector() {
            return GuardedStorage.misaligned(ElementType.FLOAT, shape.channels());
        }

        void forward(LayerNormKernel kernel) {
            kernel.forward(x.storage(), EPSILON, gamma.storage(), beta.storage(), statistics.storage(), out.storage());
        }

        void backward(LayerNormKernel kernel) {
            kernel.backward(x.storage(), statistics.storage(), gamma.storage(), dOut.storage(), dx.storage(),
                    dGamma.storage(), dBeta.storage());
        }

        void compare(LayerNormKernel kernel, double tolerance) {
            Tensors twin = new Tensors(shape, batch, 0, 1, 0);
            LayerNormKernel reference = new ScalarLayerNorm(shape, batch);
            forward(kernel);
            reference.forward(x.storage(), EPSILON, gamma.storage(), beta.storage(), twin.statistics.storage(),
                    twin.out.storage());
            TwinTensors.assertImages(out, twin.out.storage(), shape, batch, tolerance, "out");
            TwinTensors.assertImages(statistics, twin.statistics.storage(), LayerNormKernel.statistics(shape), batch,
                    tolerance, "statistics");
            backward(kernel);
            reference.backward(x.storage(), twin.statistics.storage(), gamma.storage(), dOut.storage(),
                    twin.dx.storage(), twin.dGamma.storage(), twin.dBeta.storage());
            TwinTensors.assertImages(dx, twin.dx.storage(), shape, batch, tolerance, "dx");
            TwinTensors.assertPaddingZero(dx, shape, batch, "dx");
            double sumTolerance = tolerance * Math.sqrt((double) batch.images() * shape.pixels());
            TwinTensors.assertNumbers(dGamma, twin.dGamma.storage(), sumTolerance, "dGamma");
            TwinTensors.assertNumbers(dBeta, twin.dBeta.storage(), sumTolerance, "dBeta");
            for (GuardedStorage guarded : List.of(x, dOut, gamma, beta)) {
                guarded.verify("an input");
            }
        }
    }
}
