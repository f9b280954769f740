package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds a provider's other element-wise passes against the scalar twin, and counts what they allocate. */
abstract class ElementwiseTwinTest {
    private static final long SEED = 77;

    private static final List<FeatureShape> SHAPES = List.of(
            new FeatureShape(1, 1, 1),
            new FeatureShape(3, 32, 32),
            new FeatureShape(3, 5, 7),
            new FeatureShape(17, 8, 8),
            new FeatureShape(64, 3, 4),
            new FeatureShape(500, 1, 1),
            new FeatureShape(2, 2, 300));

    private static final List<BatchLayout> BATCHES = List.of(
            BatchLayout.of(1),
            BatchLayout.of(15),
            BatchLayout.of(16),
            BatchLayout.of(17),
            BatchLayout.of(33),
            new BatchLayout(33, 16),
            new BatchLayout(65, 64));

    private final ScalarKernels twin = new ScalarKernels();

    /** The provider under test; only 32-bit floating point is asked of it. */
    abstract Kernels candidate(int threads);

    @Test
    void agreesOnAwkwardShapes() {
        for (int threads = 1; threads <= 3; threads++) {
            try (Kernels kernels = candidate(threads)) {
                for (FeatureShape shape : SHAPES) {
                    for (BatchLayout batch : BATCHES) {
                        compareTransposition(kernels, shape, batch);
                        comparePooling(kernels, shape, batch);
                        compareShortcut(kernels, shape, shape.channels() + 2 * threads, threads, batch);
                        compareShortcut(kernels, shape, shape.channels(), 1, batch);
                    }
                }
            }
        }
    }

    @Test
    void addsAnySize() {
        try (Kernels kernels = candidate(2)) {
            for (long size : new long[]{1, 4, 6, 13, 16, 207, 702, 4098, 32768, 32769, 100_001}) {
                Random random = new Random(SEED + size);
                GuardedStorage target = GuardedStorage.misaligned(ElementType.FLOAT, size).random(random, 0, 1);
                GuardedStorage addend = GuardedStorage.poisoned(ElementType.FLOAT, size).random(random, 0, 1);
                Storage expected = Storage.allocate(ElementType.FLOAT, size);
                expected.copyFrom(target.storage());
                twin.add(expected, addend.storage());
                kernels.add(target.storage(), addend.storage());
                same(target, expected, "sum of " + size);
            }
        }
    }

    /** One prediction an image, and several: fewer than lanes, as many, and more with a tail. */
    @ParameterizedTest
    @CsvSource({"1, 7, 0.1", "3, 7, 0.1", "16, 1, 0", "37, 7, 0.1", "128, 65, 0", "131, 30, 1"})
    void agreesOnTheLoss(int positions, int classes, double smoothing) {
        Random random = new Random(SEED);
        int images = 33;
        int size = images * classes * positions;
        // Logits so far apart that some exponentials are 0.
        Storage logits = GuardedStorage.misaligned(ElementType.FLOAT, size).random(random, 0, 40).storage();
        Storage labels = GuardedStorage.misaligned(ElementType.FLOAT, size).storage();
        labels.fill(0);
        for (int image = 0; image < images; image++) {
            // A prediction without a label costs nothing.
            for (int position = 1; position < positions; position++) {
                labels.set(((long) image * classes + random.nextInt(classes)) * positions + position, 1);
            }
        }
        Storage expected = Storage.allocate(ElementType.FLOAT, size);
        double expectedLoss = twin.softmaxCrossEntropy(images, classes, positions, smoothing, logits, labels, expected);
        for (int threads : new int[]{1, 2}) {
            try (Kernels kernels = candidate(threads)) {
                GuardedStorage gradient = GuardedStorage.misaligned(ElementType.FLOAT, size);
                double loss = kernels.softmaxCrossEntropy(
                        images, classes, positions, smoothing, logits, labels, gradient.storage());
                assertThat(loss).isEqualTo(expectedLoss, within(1e-6 * (1 + expectedLoss)));
                close(gradient, expected, 3e-7 / positions, "gradient");
                assertThat(kernels.softmaxCrossEntropy(
                        images, classes, positions, smoothing, logits, labels, null)).isEqualTo(loss);
            }
        }
    }

    /** Losses of one prediction an image are in published results: no bit of them may change. */
    @Test
    void onePredictionIsTheTwins() {
        Random random = new Random(SEED);
        Storage logits = floats(33 * 10).random(random, 0, 5).storage();
        Storage labels = Storage.allocate(ElementType.FLOAT, 33 * 10);
        for (int image = 0; image < 33; image++) {
            labels.set(image * 10L + random.nextInt(10), 1);
        }
        GuardedStorage gradient = floats(33 * 10);
        Storage expected = Storage.allocate(ElementType.FLOAT, 33 * 10);
        try (Kernels kernels = candidate(2)) {
            assertThat(kernels.softmaxCrossEntropy(33, 10, 1, 0.1, logits, labels, gradient.storage()))
                    .isEqualTo(twin.softmaxCrossEntropy(33, 10, 1, 0.1, logits, labels, expected));
            same(gradient, expected, "gradient");
        }
    }

    @Test
    void refusesWrongArguments() {
        FeatureShape shape = new FeatureShape(2, 3, 3);
        BatchLayout batch = BatchLayout.of(3);
        Storage x = Storage.allocate(ElementType.FLOAT, batch.elements(shape));
        Storage images = Storage.allocate(ElementType.FLOAT, 3 * 18);
        Storage doubles = Storage.allocate(ElementType.DOUBLE, 3 * 18);
        try (Kernels kernels = candidate(1)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernels.toBlocks(shape, batch, x, x))
                    .withMessageContaining("images has 288 elements, expected 54");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernels.fromBlocks(shape, batch, x, doubles))
                    .withMessageContaining("images holds DOUBLE, expected FLOAT");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernels.averagePool(shape, batch, x, x))
                    .withMessageContaining("y");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernels.shortcut(shape, 3, 1, batch, x, x))
                    .withMessageContaining("1x1 convolution");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernels.add(x, images))
                    .withMessageContaining("addend");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernels.add(x, null))
                    .withMessageContaining("addend is null");
        }
    }

    /** Garbage of every step would cost more than the passes themselves. */
    @Test
    @Tag(Allocation.TAG)
    void allocatesNothing() throws InterruptedException {
        FeatureShape shape = new FeatureShape(6, 4, 4);
        BatchLayout batch = BatchLayout.of(37);
        Random random = new Random(SEED);
        Storage x = floats(batch.elements(shape)).random(random, 0, 1).storage();
        Storage y = floats(batch.elements(shape)).random(random, 0, 1).storage();
        Storage z = floats(batch.elements(shape)).random(random, 0, 1).storage();
        Storage wide = floats(batch.elements(new FeatureShape(10, 2, 2))).storage();
        Storage pooled = floats(batch.elements(FeatureShape.vector(6))).storage();
        Storage images = floats(37L * shape.elementsPerImage()).random(random, 0, 1).storage();
        Storage labels = floats(37L * shape.elementsPerImage()).random(random, 0, 1).storage();
        Storage a = floats(6).random(random, 0, 1).storage();
        Storage b = floats(6).random(random, 5, 1).storage();
        Storage c = floats(6).random(random, 0, 1).storage();
        Storage d = floats(6).random(random, 0, 1).storage();
        Storage e = floats(6).storage();
        Gates gates = Gates.allocate(shape, batch);
        NormalisationParameters parameters = new NormalisationParameters(a, b, 1e-5, c, d);
        try (Kernels kernels = candidate(2)) {
            BatchNormKernel norm = kernels.batchNorm(shape, batch);
            Allocation.assertNone("toBlocks", () -> kernels.toBlocks(shape, batch, images, x));
            Allocation.assertNone("fromBlocks", () -> kernels.fromBlocks(shape, batch, x, images));
            Allocation.assertNone("averagePool", () -> kernels.averagePool(shape, batch, x, pooled));
            Allocation.assertNone("averagePoolBackward", () -> kernels.averagePoolBackward(shape, batch, pooled, y));
            Allocation.assertNone("shortcut", () -> kernels.shortcut(shape, 10, 2, batch, x, wide));
            Allocation.assertNone("shortcutBackward", () -> kernels.shortcutBackward(shape, 10, 2, batch, wide, y));
            Allocation.assertNone("add", () -> kernels.add(y, x));
            Allocation.assertNone("softmax", () -> kernels.softmaxCrossEntropy(37, 3, 32, 0.1, images, labels, images));
            Allocation.assertNone("statistics", () -> {
                norm.moments(x);
                norm.statistics(a, b);
            });
            Allocation.assertNone("normalise", () -> norm.normalise(x, parameters, null, Activation.RELU, gates, y));
            Allocation.assertNone(
                    "normalise and add", () -> norm.normalise(x, parameters, z, Activation.RELU, gates, y));
            Allocation.assertNone(
                    "hard-swish", () -> norm.normalise(x, parameters, null, Activation.HARD_SWISH, null, y));
            for (Activation activation : Activation.values()) {
                Allocation.assertNone("backward " + activation,
                        () -> norm.backward(x, parameters, activation, gates, z, z, e, e));
            }
        }
    }

    private void compareTransposition(Kernels kernels, FeatureShape shape, BatchLayout batch) {
        String message = shape + " " + batch;
        Random random = new Random(SEED);
        long numbers = (long) batch.images() * shape.elementsPerImage();
        Storage images = floats(numbers).random(random, 0, 1).storage();
        GuardedStorage blocks = floats(batch.elements(shape));
        Storage expected = Storage.allocate(ElementType.FLOAT, batch.elements(shape));
        kernels.toBlocks(shape, batch, images, blocks.storage());
        twin.toBlocks(shape, batch, images, expected);
        same(blocks, expected, "blocks of " + message);
        GuardedStorage back = GuardedStorage.misaligned(ElementType.FLOAT, numbers);
        kernels.fromBlocks(shape, batch, blocks.storage(), back.storage());
        same(back, images, "images of " + message);
        twin.fromBlocks(shape, batch, blocks.storage(), back.storage());
        same(back, images, "the twin's images of " + message);
    }

    private void comparePooling(Kernels kernels, FeatureShape shape, BatchLayout batch) {
        String message = shape + " " + batch;
        FeatureShape pooled = FeatureShape.vector(shape.channels());
        Storage x = images(shape, batch);
        GuardedStorage y = floats(batch.elements(pooled));
        Storage expectedY = Storage.allocate(ElementType.FLOAT, batch.elements(pooled));
        kernels.averagePool(shape, batch, x, y.storage());
        twin.averagePool(shape, batch, x, expectedY);
        close(y, expectedY, 1e-5, "averagePool of " + message);
        GuardedStorage dx = floats(batch.elements(shape));
        Storage expectedDx = Storage.allocate(ElementType.FLOAT, batch.elements(shape));
        kernels.averagePoolBackward(shape, batch, y.storage(), dx.storage());
        twin.averagePoolBackward(shape, batch, y.storage(), expectedDx);
        close(dx, expectedDx, 1e-6, "averagePoolBackward of " + message);
    }

    private void compareShortcut(Kernels kernels, FeatureShape shape, int outputs, int stride, BatchLayout batch) {
        String message = shape + " to " + outputs + " stride " + stride + " " + batch;
        FeatureShape output = new ShortcutShape(shape, outputs, stride).output();
        Storage x = images(shape, batch);
        GuardedStorage y = floats(batch.elements(output));
        Storage expectedY = Storage.allocate(ElementType.FLOAT, batch.elements(output));
        kernels.shortcut(shape, outputs, stride, batch, x, y.storage());
        twin.shortcut(shape, outputs, stride, batch, x, expectedY);
        same(y, expectedY, "shortcut of " + message);
        Storage dy = images(output, batch);
        GuardedStorage dx = floats(batch.elements(shape));
        Storage expectedDx = Storage.allocate(ElementType.FLOAT, batch.elements(shape));
        kernels.shortcutBackward(shape, outputs, stride, batch, dy, dx.storage());
        twin.shortcutBackward(shape, outputs, stride, batch, dy, expectedDx);
        same(dx, expectedDx, "shortcutBackward of " + message);
    }

    /** Random images with zeros in the padding, which the passes have to keep. */
    private Storage images(FeatureShape shape, BatchLayout batch) {
        long numbers = (long) batch.images() * shape.elementsPerImage();
        Storage images = floats(numbers).random(new Random(SEED), 0.2, 1).storage();
        Storage blocks = Storage.allocate(ElementType.FLOAT, batch.elements(shape));
        twin.toBlocks(shape, batch, images, blocks);
        return blocks;
    }

    private static GuardedStorage floats(long size) {
        return GuardedStorage.poisoned(ElementType.FLOAT, size);
    }

    private static void same(GuardedStorage actual, Storage expected, String message) {
        close(actual, expected, 0, message);
    }

    private static void close(GuardedStorage actual, Storage expected, double tolerance, String message) {
        actual.verify(message);
        for (long i = 0; i < expected.size(); i++) {
            if (!(Math.abs(actual.storage().get(i) - expected.get(i)) <= tolerance)) {
                assertThat(actual.storage().get(i))
                        .as("element %d of %s", i, message)
                        .isCloseTo(expected.get(i), within(tolerance));
            }
        }
    }
}
