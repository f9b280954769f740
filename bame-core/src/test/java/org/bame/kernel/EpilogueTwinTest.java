package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.bame.sparsity.Support;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Holds the sums that products take on the side against those of the scalar twin's separate passes. */
abstract class EpilogueTwinTest {
    private static final long SEED = 41;

    private static final List<ConvolutionShape> SHAPES = List.of(
            ConvolutionShape.square(new FeatureShape(1, 1, 1), 1, 1, 1, 0),
            ConvolutionShape.square(new FeatureShape(3, 7, 5), 5, 3, 1, 1),
            ConvolutionShape.square(new FeatureShape(6, 7, 7), 4, 3, 2, 1),
            ConvolutionShape.square(new FeatureShape(16, 9, 9), 16, 3, 1, 1),
            ConvolutionShape.square(new FeatureShape(8, 5, 7), 9, 1, 2, 0),
            ConvolutionShape.square(new FeatureShape(2, 7, 9), 6, 3, 3, 0),
            new ConvolutionShape(new FeatureShape(5, 6, 4), 7, 3, 1, 1, 0),
            ConvolutionShape.square(new FeatureShape(70, 3, 2), 134, 3, 1, 1),
            ConvolutionShape.linear(10, 7));

    /** Dense only where depthwise. */
    private static final List<ConvolutionShape> IN_GROUPS = List.of(
            ConvolutionShape.square(new FeatureShape(6, 7, 5), 6, 3, 1, 1).inGroups(6),
            ConvolutionShape.square(new FeatureShape(5, 6, 7), 10, 3, 2, 1).inGroups(5),
            ConvolutionShape.square(new FeatureShape(3, 4, 4), 3, 2, 3, 0).inGroups(3),
            ConvolutionShape.square(new FeatureShape(8, 5, 6), 12, 3, 1, 1).inGroups(4),
            ConvolutionShape.square(new FeatureShape(6, 7, 7), 4, 3, 2, 1).inGroups(2));

    private static final List<BatchLayout> BATCHES = List.of(
            BatchLayout.of(2),
            BatchLayout.of(16),
            BatchLayout.of(17),
            BatchLayout.of(33),
            new BatchLayout(33, 16),
            new BatchLayout(65, 64),
            new BatchLayout(50, 48));

    /** The provider under test; only 32-bit floating point is asked of it. */
    abstract Kernels candidate(int threads);

    @Test
    void sumsAgreeWithSeparatePasses() {
        SupportKind[] supports = SupportKind.values();
        Activation[] activations = Activation.values();
        try (Kernels kernels = candidate(2)) {
            int next = 0;
            for (ConvolutionShape shape : SHAPES) {
                for (BatchLayout batch : BATCHES) {
                    for (int i = 0; i < 3; i++) {
                        Case c = new Case(shape, batch, supports[next % supports.length], SEED + next);
                        c.compareMoments(kernels);
                        c.compareBackward(kernels, activations[next / 3 % activations.length]);
                        next++;
                    }
                }
            }
        }
    }

    @Test
    void addsToAGradient() {
        try (Kernels kernels = candidate(2)) {
            int next = 0;
            for (ConvolutionShape shape : SHAPES) {
                for (SupportKind support : SupportKind.values()) {
                    new Case(shape, BatchLayout.of(18), support, SEED + next++).compareAddition(kernels);
                }
            }
        }
    }

    @Test
    void convolutionsInGroupsSumAndAdd() {
        Activation[] activations = Activation.values();
        try (Kernels kernels = candidate(2)) {
            int next = 0;
            for (ConvolutionShape shape : IN_GROUPS) {
                for (BatchLayout batch : BATCHES) {
                    Case c = new Case(shape, batch, SupportKind.DENSE, SEED + next);
                    c.compareMoments(kernels);
                    c.compareBackward(kernels, activations[next++ % activations.length]);
                    c.compareAddition(kernels);
                }
            }
        }
    }

    @Test
    void givesTheSameBitsOnAnyNumberOfThreads() {
        for (SupportKind support : List.of(SupportKind.DENSE, SupportKind.NM_1_4)) {
            Case first = null;
            for (int threads = 1; threads <= 5; threads++) {
                try (Kernels kernels = candidate(threads)) {
                    Case c = new Case(
                            ConvolutionShape.square(new FeatureShape(40, 12, 11), 36, 3, 2, 1),
                            BatchLayout.of(75),
                            support,
                            SEED);
                    c.compareMoments(kernels);
                    c.compareBackward(kernels, Activation.RELU);
                    if (first == null) {
                        first = c;
                    }
                    assertSame(c.mean.storage(), first.mean.storage(), threads + " threads, mean");
                    assertSame(c.variance.storage(), first.variance.storage(), threads + " threads, variance");
                    assertSame(c.dGamma.storage(), first.dGamma.storage(), threads + " threads, dGamma");
                    assertSame(c.dBeta.storage(), first.dBeta.storage(), threads + " threads, dBeta");
                    assertSame(c.dxHat, first.dxHat, threads + " threads, dx");
                }
            }
        }
    }

    /** A mean far from zero: sums of squares about anything far from it cancel. */
    @Test
    void survivesMeansFarFromZero() {
        ConvolutionShape shape = ConvolutionShape.square(new FeatureShape(1, 16, 16), 1, 1, 1, 0);
        BatchLayout batch = BatchLayout.of(70);
        try (Kernels kernels = candidate(2)) {
            Case c = new Case(shape, batch, SupportKind.DENSE, SEED);
            c.w.storage().set(0, 1);
            for (double deviation : new double[]{0.5, 0}) {
                c.x.random(new Random(SEED), 3000, deviation);
                c.compareMoments(kernels);
            }
            assertThat(c.mean.storage().get(0)).isEqualTo(3000);
            assertThat(c.variance.storage().get(0)).isZero();
        }
    }

    @Test
    @Tag(Allocation.TAG)
    void allocatesNothing() throws InterruptedException {
        ConvolutionShape shape = ConvolutionShape.square(new FeatureShape(20, 8, 8), 20, 3, 1, 1);
        BatchLayout batch = BatchLayout.of(37);
        try (Kernels kernels = candidate(2)) {
            Case c = new Case(shape, batch, SupportKind.NM_1_4, SEED);
            ConvolutionKernel convolution = kernels.convolution(shape, batch);
            BatchNormKernel norm = kernels.batchNorm(shape.output(), batch);
            Storage mean = Storage.allocate(ElementType.FLOAT, 20);
            Allocation.assertNone("forward with moments", () -> {
                convolution.forward(c.support, c.w.storage(), c.x.storage(), c.y.storage(), norm.moments());
                norm.statistics(mean, mean);
            });
            NormalisationParameters ones = parameters(20);
            Gates gates = Gates.allocate(shape.input(), batch);
            Allocation.assertNone("input gradient and backward", () -> {
                convolution.inputGradient(c.support, c.w.storage(), c.dy.storage(), c.dx.storage(), true);
                norm.backward(c.x.storage(), ones, Activation.RELU, gates, c.dx.storage(), c.dx.storage(), mean, mean);
            });
        }
    }

    @Test
    void refusesATargetOfAnotherShape() {
        ConvolutionShape shape = ConvolutionShape.square(new FeatureShape(4, 3, 3), 5, 3, 1, 1);
        BatchLayout batch = BatchLayout.of(3);
        Case c = new Case(shape, batch, SupportKind.DENSE, SEED);
        try (Kernels kernels = candidate(1)) {
            Epilogue epilogue = kernels.batchNorm(shape.input(), batch).moments();
            ConvolutionKernel convolution = kernels.convolution(shape, batch);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> convolution.forward(
                            Support.DENSE, c.w.storage(), c.x.storage(), c.y.storage(), epilogue))
                    .withMessageContaining("target of an epilogue has 720 elements, expected 576");
        }
    }

    private static void assertSame(Storage actual, Storage expected, String message) {
        assertThat(actual.segment().mismatch(expected.segment())).as(message).isEqualTo(-1);
    }

    private static Storage copy(Storage storage) {
        Storage copy = Storage.allocate(storage.type(), storage.size());
        copy.copyFrom(storage);
        return copy;
    }

    private static NormalisationParameters parameters(int channels) {
        Storage ones = Storage.allocate(ElementType.FLOAT, channels);
        ones.fill(1);
        return new NormalisationParameters(ones, ones, 0, ones, ones);
    }

    /** A convolution between two normalisations. */
    private static final class Case {
        final ConvolutionShape shape;
        final BatchLayout batch;
        final Support support;
        final String message;
        final Random random;
        final GuardedStorage w;
        final GuardedStorage x;
        final GuardedStorage y;
        final GuardedStorage dy;
        final GuardedStorage dx;
        final GuardedStorage mean;
        final GuardedStorage variance;
        final GuardedStorage dGamma;
        final GuardedStorage dBeta;
        Storage dxHat;

        Case(ConvolutionShape shape, BatchLayout batch, SupportKind kind, long seed) {
            this.shape = shape;
            this.batch = batch;
            message = " of " + shape + " " + batch + " " + kind + " seed " + seed;
            random = new Random(seed);
            support = kind.make(shape.weights(), random);
            w = vector(shape.weights().size()).random(random, 0, 1);
            x = activations(shape.input()).random(random, 1, 2);
            y = activations(shape.output());
            dy = activations(shape.output()).random(random, 0, 1);
            clearPadding(dy.storage(), shape.output());
            dx = activations(shape.input()).random(random, 0, 1);
            clearPadding(dx.storage(), shape.input());
            mean = vector(shape.output().channels());
            variance = vector(shape.output().channels());
            dGamma = vector(shape.input().channels());
            dBeta = vector(shape.input().channels());
        }

        private GuardedStorage activations(FeatureShape features) {
            return GuardedStorage.poisoned(ElementType.FLOAT, batch.elements(features));
        }

        private GuardedStorage vector(int size) {
            return GuardedStorage.misaligned(ElementType.FLOAT, size);
        }

        private void clearPadding(Storage activations, FeatureShape features) {
            for (int image = batch.images(); image < batch.blocks() * batch.blockWidth(); image++) {
                long first = batch.index(features, image, 0, 0, 0);
                for (int i = 0; i < features.elementsPerImage(); i++) {
                    activations.set(first + (long) i * batch.blockWidth(), 0);
                }
            }
        }

        void compareMoments(Kernels kernels) {
            ConvolutionKernel convolution = kernels.convolution(shape, batch);
            BatchNormKernel norm = kernels.batchNorm(shape.output(), batch);
            convolution.forward(support, w.storage(), x.storage(), y.storage());
            Storage plain = copy(y.storage());
            convolution.forward(support, w.storage(), x.storage(), y.storage(), norm.moments());
            norm.statistics(mean.storage(), variance.storage());
            assertSame(y.storage(), plain, "y" + message);

            BatchNormKernel twin = new ScalarBatchNorm(shape.output(), batch);
            Storage twinMean = Storage.allocate(ElementType.FLOAT, shape.output().channels());
            Storage twinVariance = Storage.allocate(ElementType.FLOAT, shape.output().channels());
            twin.moments(y.storage());
            twin.statistics(twinMean, twinVariance);
            for (int channel = 0; channel < shape.output().channels(); channel++) {
                double expected = twinVariance.get(channel);
                double rounding = 1.2e-7 * Math.abs(twinMean.get(channel));
                assertThat(mean.storage().get(channel)).as("mean %d%s", channel, message)
                        .isCloseTo(twinMean.get(channel), within(rounding + 1e-6 * Math.sqrt(expected)));
                assertThat(variance.storage().get(channel)).as("variance %d%s", channel, message)
                        .isCloseTo(expected, within(1e-5 * expected));
            }
            mean.verify("mean" + message);
            variance.verify("variance" + message);
        }

        /** The input of the convolution is the output of another normalisation, of {@code before}. */
        void compareBackward(Kernels kernels, Activation activation) {
            FeatureShape features = shape.input();
            Storage before = activations(features).random(random, 1, 2).storage();
            Storage gamma = vector(features.channels()).random(random, 2, 0.3).storage();
            Storage beta = vector(features.channels()).random(random, 0, 1).storage();
            Storage center = vector(features.channels()).random(random, 1, 0.1).storage();
            Storage spread = vector(features.channels()).random(random, 4, 0.1).storage();
            NormalisationParameters parameters =
                    new NormalisationParameters(center, spread, 1e-5, gamma, beta);
            BatchNormKernel norm = kernels.batchNorm(features, batch);
            Gates gates = Gates.allocate(features, batch);
            norm.normalise(before, parameters, null, activation, gates, x.storage());
            ConvolutionKernel convolution = kernels.convolution(shape, batch);

            convolution.inputGradient(support, w.storage(), dy.storage(), dx.storage());
            Storage expectedDz = copy(dx.storage());
            BatchNormKernel twin = new ScalarBatchNorm(features, batch);
            Storage expectedDx = Storage.allocate(ElementType.FLOAT, expectedDz.size());
            Storage expectedDGamma = Storage.allocate(ElementType.FLOAT, features.channels());
            Storage expectedDBeta = Storage.allocate(ElementType.FLOAT, features.channels());
            twin.backward(before, parameters, activation, gates, expectedDz, expectedDx, expectedDGamma, expectedDBeta);

            dxHat = Storage.allocate(ElementType.FLOAT, expectedDz.size());
            norm.backward(before, parameters, activation, gates, dx.storage(), dxHat, dGamma.storage(),
                    dBeta.storage());
            double largest = largest(expectedDz);
            close(dx.storage(), expectedDz, 1e-6 * largest, "dz");
            double bound = 2e-5 * largest * Math.sqrt((double) batch.images() * features.pixels());
            close(dGamma.storage(), expectedDGamma, 10 * bound, "dGamma");
            close(dBeta.storage(), expectedDBeta, 10 * bound, "dBeta");
            close(dxHat, expectedDx, 1e-4 * largest, "dx");
            dx.verify("dx" + message);
            dGamma.verify("dGamma" + message);
            dBeta.verify("dBeta" + message);
        }

        void compareAddition(Kernels kernels) {
            Storage expected = copy(dx.storage());
            ConvolutionKernel twin = new ScalarConvolution(shape, batch);
            long macs = twin.inputGradient(support, w.storage(), dy.storage(), expected, true);
            assertThat(kernels.convolution(shape, batch)
                    .inputGradient(support, w.storage(), dy.storage(), dx.storage(), true))
                    .as("multiply-accumulates" + message)
                    .isEqualTo(macs);
            close(dx.storage(), expected, 1e-5 * (1 + largest(expected)), "dx");
            dx.verify("dx" + message);
        }

        private static double largest(Storage storage) {
            double largest = 0;
            for (long i = 0; i < storage.size(); i++) {
                largest = Math.max(largest, Math.abs(storage.get(i)));
            }
            return largest;
        }

        private void close(Storage actual, Storage expected, double tolerance, String name) {
            for (long i = 0; i < expected.size(); i++) {
                if (!(Math.abs(actual.get(i) - expected.get(i)) <= tolerance)) {
                    assertThat(actual.get(i)).as("%s at %d%s", name, i, message)
                            .isCloseTo(expected.get(i), within(tolerance));
                }
            }
        }
    }
}
