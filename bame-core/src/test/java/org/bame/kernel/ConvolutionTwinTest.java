package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bame.sparsity.Mask;
import org.bame.sparsity.Support;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Holds a provider's convolutions against the scalar twin, on shapes chosen to break borders and tails. */
abstract class ConvolutionTwinTest {
    private static final long SEED = 20260107;

    /** Error allowed relative to the sum of the absolute values of a sum's terms. */
    private static final double TOLERANCE = 1e-5;

    private static final List<ConvolutionShape> SHAPES = List.of(
            ConvolutionShape.square(new FeatureShape(1, 1, 1), 1, 1, 1, 0),
            ConvolutionShape.square(new FeatureShape(1, 5, 5), 3, 3, 1, 1),
            ConvolutionShape.square(new FeatureShape(3, 7, 5), 5, 3, 1, 1),
            ConvolutionShape.square(new FeatureShape(6, 6, 6), 4, 3, 2, 1),
            ConvolutionShape.square(new FeatureShape(6, 7, 7), 4, 3, 2, 1),
            ConvolutionShape.square(new FeatureShape(16, 8, 8), 16, 3, 1, 1),
            ConvolutionShape.square(new FeatureShape(33, 3, 3), 17, 1, 1, 0),
            ConvolutionShape.square(new FeatureShape(8, 6, 6), 9, 1, 2, 0),
            ConvolutionShape.square(new FeatureShape(8, 5, 7), 9, 1, 2, 0),
            ConvolutionShape.square(new FeatureShape(4, 9, 9), 3, 5, 1, 2),
            ConvolutionShape.square(new FeatureShape(4, 8, 8), 5, 5, 2, 2),
            ConvolutionShape.square(new FeatureShape(2, 7, 9), 6, 3, 3, 0),
            ConvolutionShape.square(new FeatureShape(4, 3, 3), 4, 3, 1, 0),
            ConvolutionShape.square(new FeatureShape(3, 2, 2), 2, 3, 1, 2),
            new ConvolutionShape(new FeatureShape(5, 6, 4), 7, 3, 1, 1, 1),
            new ConvolutionShape(new FeatureShape(5, 6, 4), 7, 3, 1, 1, 0),
            ConvolutionShape.square(new FeatureShape(64, 4, 4), 64, 3, 1, 1),
            ConvolutionShape.square(new FeatureShape(70, 3, 2), 34, 3, 1, 1),
            ConvolutionShape.linear(1, 1),
            ConvolutionShape.linear(10, 7),
            ConvolutionShape.linear(64, 40),
            ConvolutionShape.linear(130, 3));

    private static final List<BatchLayout> BATCHES = List.of(
            BatchLayout.of(1),
            BatchLayout.of(2),
            BatchLayout.of(8),
            BatchLayout.of(15),
            BatchLayout.of(16),
            BatchLayout.of(17),
            BatchLayout.of(31),
            BatchLayout.of(32),
            BatchLayout.of(33),
            new BatchLayout(16, 32),
            new BatchLayout(33, 16),
            new BatchLayout(33, 64),
            new BatchLayout(64, 64),
            new BatchLayout(64, 32),
            new BatchLayout(65, 64),
            new BatchLayout(65, 16),
            new BatchLayout(48, 48));

    /** The provider under test; only 32-bit floating point is asked of it. */
    abstract Kernels candidate(int threads);

    @Test
    void agreesOnAwkwardShapes() {
        SupportKind[] supports = SupportKind.values();
        try (Kernels kernels = candidate(2)) {
            int next = 0;
            for (ConvolutionShape shape : SHAPES) {
                for (BatchLayout batch : BATCHES) {
                    // All kinds of support for each shape, if not for each batch.
                    compare(kernels, shape, batch, supports[next++ % supports.length], SEED + next);
                    compare(kernels, shape, batch, supports[next++ % supports.length], SEED + next);
                }
            }
        }
    }

    @Test
    void agreesOnRandomShapes() {
        Random random = new Random(SEED);
        try (Kernels kernels = candidate(2)) {
            for (int i = 0; i < 80; i++) {
                int kernelHeight = 1 + random.nextInt(4);
                int kernelWidth = 1 + random.nextInt(4);
                FeatureShape input = new FeatureShape(1 + random.nextInt(40), kernelHeight + random.nextInt(7),
                        kernelWidth + random.nextInt(7));
                ConvolutionShape shape = new ConvolutionShape(input, 1 + random.nextInt(40), kernelHeight, kernelWidth,
                        1 + random.nextInt(3), random.nextInt(3));
                int images = 1 + random.nextInt(70);
                BatchLayout batch = random.nextBoolean()
                        ? BatchLayout.of(images)
                        : new BatchLayout(images, BatchLayout.WIDTH_UNIT * (1 + random.nextInt(4)));
                SupportKind support = SupportKind.values()[random.nextInt(SupportKind.values().length)];
                compare(kernels, shape, batch, support, random.nextInt());
            }
        }
    }

    /** A method changes its mask between two steps; the kernel must not go on with index lists of the old one. */
    @Test
    void followsAChangingMask() {
        ConvolutionShape shape = ConvolutionShape.square(new FeatureShape(16, 6, 6), 12, 3, 1, 1);
        BatchLayout batch = BatchLayout.of(20);
        Random random = new Random(SEED);
        Mask mask = Mask.empty(shape.weights());
        Support support = Support.of(mask);
        try (Kernels kernels = candidate(2)) {
            ConvolutionKernel kernel = kernels.convolution(shape, batch);
            for (int step = 0; step < 5; step++) {
                mask.assign(((Support.Masked) SupportKind.NM_2_4.make(shape.weights(), random)).mask());
                compare(kernel, shape, batch, support, "step " + step, new Random(SEED + step));
            }
            mask.set(mask.nextKept(0, shape.weights().size()), false);
            compare(kernel, shape, batch, support, "one weight less", random);
            compare(kernel, shape, batch, Support.DENSE, "dense after sparse", random);
            Support other = SupportKind.NM_1_4.make(shape.weights(), random);
            compare(kernel, shape, batch, other, "another mask", random);
            compare(kernel, shape, batch, support, "the first mask again", random);
        }
    }

    @Test
    void givesTheSameBitsAgain() {
        ConvolutionShape shape = ConvolutionShape.square(new FeatureShape(24, 9, 7), 20, 3, 1, 1);
        BatchLayout batch = BatchLayout.of(40);
        for (SupportKind kind : SupportKind.values()) {
            Random random = new Random(SEED);
            Support support = kind.make(shape.weights(), random);
            GuardedStorage w = weights(shape).random(random, 0, 1);
            GuardedStorage x = activations(batch, shape.input()).random(random, 0, 1);
            GuardedStorage dy = activations(batch, shape.output()).random(random, 0, 1);
            clearPadding(dy.storage(), batch, shape.output());
            try (Kernels kernels = candidate(2)) {
                ConvolutionKernel kernel = kernels.convolution(shape, batch);
                Storage[][] results = new Storage[30][];
                for (int i = 0; i < results.length; i++) {
                    GuardedStorage y = activations(batch, shape.output());
                    GuardedStorage dx = activations(batch, shape.input());
                    GuardedStorage dw = weights(shape);
                    kernel.forward(support, w.storage(), x.storage(), y.storage());
                    kernel.inputGradient(support, w.storage(), dy.storage(), dx.storage());
                    kernel.weightGradient(support, x.storage(), dy.storage(), dw.storage());
                    results[i] = new Storage[]{y.storage(), dx.storage(), dw.storage()};
                }
                for (Storage[] result : results) {
                    for (int product = 0; product < 3; product++) {
                        assertThat(result[product].segment().mismatch(results[0][product].segment()))
                                .as("%s of %s", Product.values()[product], kind)
                                .isEqualTo(-1);
                    }
                }
            }
        }
    }

    @Test
    void threadsChangeNoBit() {
        ConvolutionShape shape = ConvolutionShape.square(new FeatureShape(24, 9, 7), 36, 3, 2, 1);
        BatchLayout batch = BatchLayout.of(70);
        for (SupportKind kind : SupportKind.values()) {
            Storage[] expected = null;
            for (int threads = 1; threads <= 4; threads++) {
                Random random = new Random(SEED);
                Support support = kind.make(shape.weights(), random);
                GuardedStorage w = weights(shape).random(random, 0, 1);
                GuardedStorage x = activations(batch, shape.input()).random(random, 0, 1);
                GuardedStorage dy = activations(batch, shape.output()).random(random, 0, 1);
                clearPadding(dy.storage(), batch, shape.output());
                Storage[] results = {
                    activations(batch, shape.output()).storage(),
                    activations(batch, shape.input()).storage(),
                    weights(shape).storage()
                };
                try (Kernels kernels = candidate(threads)) {
                    ConvolutionKernel kernel = kernels.convolution(shape, batch);
                    kernel.forward(support, w.storage(), x.storage(), results[0]);
                    kernel.inputGradient(support, w.storage(), dy.storage(), results[1]);
                    kernel.weightGradient(support, x.storage(), dy.storage(), results[2]);
                }
                expected = expected == null ? results : expected;
                for (int product = 0; product < 3; product++) {
                    assertThat(results[product].segment().mismatch(expected[product].segment()))
                            .as("%s of %s with %d threads against 1", Product.values()[product], kind, threads)
                            .isEqualTo(-1);
                }
            }
        }
    }

    /** Several shapes and widths in one JVM: what the compiler inlined for the first must not turn into objects later. */
    @Test
    @Tag(Allocation.TAG)
    void allocatesNothing() throws InterruptedException {
        try (Kernels kernels = candidate(2)) {
            for (BatchLayout batch : List.of(new BatchLayout(40, 32), new BatchLayout(20, 16), new BatchLayout(48,
                    48))) {
                ConvolutionShape shape = ConvolutionShape.square(new FeatureShape(16, 9, 9), 16, 3, 2, 1);
                Random random = new Random(SEED);
                Mask changing = Mask.full(shape.weights());
                ConvolutionKernel kernel = kernels.convolution(shape, batch);
                Storage w = weights(shape).random(random, 0, 1).storage();
                Storage x = activations(batch, shape.input()).random(random, 0, 1).storage();
                Storage y = activations(batch, shape.output()).random(random, 0, 1).storage();
                for (Support support : List.of(Support.DENSE, Support.of(changing))) {
                    int[] flip = {0};
                    Allocation.assertNone(batch + " " + support.getClass().getSimpleName(), () -> {
                        changing.set(flip[0] % 100, !changing.get(flip[0] % 100));
                        flip[0]++;
                        kernel.forward(support, w, x, y);
                        kernel.inputGradient(support, w, y, x);
                        kernel.weightGradient(support, x, y, w);
                    });
                }
            }
        }
    }

    @Test
    void refusesWrongArguments() {
        ConvolutionShape shape = ConvolutionShape.square(new FeatureShape(4, 5, 5), 6, 3, 1, 1);
        BatchLayout batch = BatchLayout.of(3);
        Storage w = weights(shape).storage();
        Storage x = activations(batch, shape.input()).storage();
        Storage y = activations(batch, shape.output()).storage();
        Storage doubles = Storage.allocate(ElementType.DOUBLE, w.size());
        try (Kernels kernels = candidate(1)) {
            ConvolutionKernel kernel = kernels.convolution(shape, batch);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernel.forward(Support.DENSE, w, y, y))
                    .withMessageContaining("x has 2400 elements, expected 1600");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernel.inputGradient(Support.DENSE, w, y, y))
                    .withMessageContaining("dx");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernel.weightGradient(Support.DENSE, x, x, w))
                    .withMessageContaining("dy");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernel.forward(Support.DENSE, doubles, x, y))
                    .withMessageContaining("DOUBLE");
            Mask other = Mask.full(ConvolutionShape.linear(4, 6).weights());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernel.forward(Support.of(other), w, x, y))
                    .withMessageContaining("mask");
        }
    }

    static void compare(
            Kernels kernels, ConvolutionShape shape, BatchLayout batch, SupportKind kind, long seed) {
        String message = shape + " " + batch + " " + kind + " seed " + seed;
        Random random = new Random(seed);
        Support support = kind.make(shape.weights(), random);
        compare(kernels.convolution(shape, batch), shape, batch, support, message, random);
    }

    static void compare(
            ConvolutionKernel kernel,
            ConvolutionShape shape,
            BatchLayout batch,
            Support support,
            String message,
            Random random) {
        ScalarConvolution twin = new ScalarConvolution(shape, batch);
        GuardedStorage w = weights(shape).random(random, 0, 1);
        GuardedStorage x = activations(batch, shape.input()).random(random, 0.1, 1);
        GuardedStorage dy = activations(batch, shape.output()).random(random, 0.1, 1);
        Storage absoluteW = absolute(w.storage());
        Storage absoluteX = absolute(x.storage());
        long macs = expectedMacs(shape, batch, support);

        GuardedStorage y = activations(batch, shape.output());
        Storage twinY = Storage.allocate(ElementType.FLOAT, y.storage().size());
        Storage boundY = Storage.allocate(ElementType.FLOAT, y.storage().size());
        assertThat(kernel.forward(support, w.storage(), x.storage(), y.storage())).as(message).isEqualTo(macs);
        assertThat(twin.forward(support, w.storage(), x.storage(), twinY)).as(message).isEqualTo(macs);
        twin.forward(support, absoluteW, absoluteX, boundY);
        compareImages("y of " + message, y, twinY, boundY, batch, shape.output());

        GuardedStorage dx = activations(batch, shape.input());
        Storage twinDx = Storage.allocate(ElementType.FLOAT, dx.storage().size());
        Storage boundDx = Storage.allocate(ElementType.FLOAT, dx.storage().size());
        assertThat(kernel.inputGradient(support, w.storage(), dy.storage(), dx.storage())).as(message).isEqualTo(macs);
        assertThat(twin.inputGradient(support, w.storage(), dy.storage(), twinDx)).as(message).isEqualTo(macs);
        twin.inputGradient(support, absoluteW, absolute(dy.storage()), boundDx);
        compareImages("dx of " + message, dx, twinDx, boundDx, batch, shape.input());

        clearPadding(dy.storage(), batch, shape.output());
        GuardedStorage dw = weights(shape);
        Storage twinDw = Storage.allocate(ElementType.FLOAT, dw.storage().size());
        Storage boundDw = Storage.allocate(ElementType.FLOAT, dw.storage().size());
        assertThat(kernel.weightGradient(support, x.storage(), dy.storage(), dw.storage())).as(message).isEqualTo(macs);
        assertThat(twin.weightGradient(support, x.storage(), dy.storage(), twinDw)).as(message).isEqualTo(macs);
        twin.weightGradient(support, absoluteX, absolute(dy.storage()), boundDw);
        dw.verify("dw of " + message);
        for (int i = 0; i < shape.weights().size(); i++) {
            double value = dw.storage().get(i);
            if (SupportKind.keeps(support, i)) {
                assertThat(value).as("dw[%d] of %s", i, message)
                        .isCloseTo(twinDw.get(i), within(TOLERANCE * boundDw.get(i)));
            } else {
                assertThat(value).as("dw[%d] outside the support of %s", i, message).isZero();
            }
        }
        w.verify("weights of " + message);
        x.verify("x of " + message);
        dy.verify("dy of " + message);
    }

    static void compareImages(
            String message,
            GuardedStorage actual,
            Storage expected,
            Storage bound,
            BatchLayout batch,
            FeatureShape shape) {
        actual.verify(message);
        for (int image = 0; image < batch.images(); image++) {
            long first = batch.index(shape, image, 0, 0, 0);
            for (int i = 0; i < shape.elementsPerImage(); i++) {
                long at = first + (long) i * batch.blockWidth();
                // Fluent assertions on every number would take most of the test's time.
                if (!(Math.abs(actual.storage().get(at) - expected.get(at)) <= TOLERANCE * bound.get(at))) {
                    assertThat(actual.storage().get(at))
                            .as("image %d, pixel %d, channel %d of %s", image, i / shape.channels(),
                                    i % shape.channels(), message)
                            .isCloseTo(expected.get(at), within(TOLERANCE * bound.get(at)));
                }
            }
        }
    }

    /** Kept weights times output pixels times images. */
    private static long expectedMacs(ConvolutionShape shape, BatchLayout batch, Support support) {
        long kept = IntStream.range(0, shape.weights().size()).filter(i -> SupportKind.keeps(support, i)).count();
        return kept * shape.output().pixels() * batch.images();
    }

    static GuardedStorage weights(ConvolutionShape shape) {
        return GuardedStorage.misaligned(ElementType.FLOAT, shape.weights().size());
    }

    static GuardedStorage activations(BatchLayout batch, FeatureShape shape) {
        return GuardedStorage.poisoned(ElementType.FLOAT, batch.elements(shape));
    }

    private static Storage absolute(Storage storage) {
        Storage absolute = Storage.allocate(storage.type(), storage.size());
        for (long i = 0; i < storage.size(); i++) {
            absolute.set(i, Math.abs(storage.get(i)));
        }
        return absolute;
    }

    static void clearPadding(Storage activations, BatchLayout batch, FeatureShape shape) {
        for (int image = batch.images(); image < batch.blocks() * batch.blockWidth(); image++) {
            long first = batch.index(shape, image, 0, 0, 0);
            for (int i = 0; i < shape.elementsPerImage(); i++) {
                activations.set(first + (long) i * batch.blockWidth(), 0);
            }
        }
    }
}
