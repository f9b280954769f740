package org.bame.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.bame.kernel.AttentionScope.CAUSAL;
import static org.bame.kernel.AttentionScope.FULL;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Holds a provider's attention against the scalar twin. */
abstract class AttentionTwinTest {
    private static final List<AttentionShape> SHAPES = List.of(
            shape(1, 1, 1, FULL),
            shape(1, 3, 5, FULL),
            shape(2, 5, 7, CAUSAL),
            shape(3, 8, 16, FULL),
            shape(1, 37, 33, CAUSAL),
            shape(2, 64, 67, FULL),
            windows(1, 1, 2, 2, 1, 0),
            windows(1, 1, 3, 5, 2, 1),
            windows(2, 5, 4, 6, 2, 0),
            windows(3, 4, 6, 6, 3, 1),
            windows(2, 7, 5, 3, 4, 2),
            windows(1, 2, 3, 4, 5, 3),
            windows(2, 3, 8, 5, 7, 3));

    /** The provider under test; only 32-bit floating point is asked of it. */
    abstract Kernels candidate(int threads);

    private static AttentionShape shape(int heads, int headSize, int tokens, AttentionScope scope) {
        return new AttentionShape(new FeatureShape(3 * heads * headSize, tokens, 1), heads, scope);
    }

    private static AttentionShape windows(int heads, int headSize, int rows, int columns, int size, int shift) {
        return new AttentionShape(
                new FeatureShape(3 * heads * headSize, rows, columns), heads, new AttentionScope.Windows(size, shift));
    }

    @Test
    void agreesOnAwkwardShapes() {
        try (Kernels kernels = candidate(2)) {
            long seed = 3;
            for (AttentionShape shape : SHAPES) {
                for (BatchLayout batch : TwinTensors.BATCHES) {
                    if (shape.tokens() < 60 || batch.images() < 16) {
                        new Tensors(shape, batch, 1, ++seed).compare(kernels.tokens().attention(shape, batch), 5e-6);
                    }
                }
            }
        }
    }

    /** Scores of hundreds: their exponentials are far outside single precision. */
    @Test
    void survivesLargeScores() {
        AttentionShape shape = shape(2, 16, 21, FULL);
        BatchLayout batch = BatchLayout.of(19);
        try (Kernels kernels = candidate(1)) {
            new Tensors(shape, batch, 12, 8).compare(kernels.tokens().attention(shape, batch), 2e-3);
        }
    }

    /** More tiles than one each way, and pixels in two dimensions. */
    @Test
    void agreesOnManyTokens() {
        AttentionShape shape = new AttentionShape(new FeatureShape(12, 50, 2), 1, FULL);
        BatchLayout batch = BatchLayout.of(3);
        try (Kernels kernels = candidate(3)) {
            new Tensors(shape, batch, 1, 8).compare(kernels.tokens().attention(shape, batch), 5e-6);
            AttentionShape causal = new AttentionShape(shape.input(), 1, CAUSAL);
            new Tensors(causal, batch, 1, 9).compare(kernels.tokens().attention(causal, batch), 5e-6);
        }
    }

    @Test
    void causalTokensDoNotSeeLaterOnes() {
        AttentionShape shape = shape(2, 4, 40, CAUSAL);
        BatchLayout batch = BatchLayout.of(2);
        try (Kernels kernels = candidate(1)) {
            AttentionKernel kernel = kernels.tokens().attention(shape, batch);
            Tensors before = new Tensors(shape, batch, 1, 4);
            Tensors after = new Tensors(shape, batch, 1, 4);
            for (int channel = 0; channel < shape.input().channels(); channel++) {
                after.qkv.storage().set(batch.index(shape.input(), 0, channel, 21, 0), 3);
            }
            before.forward(kernel);
            after.forward(kernel);
            for (int token = 0; token < shape.tokens(); token++) {
                long at = batch.index(shape.output(), 0, 1, token, 0);
                boolean same = before.y.storage().get(at) == after.y.storage().get(at);
                assertThat(same).as("token %d", token).isEqualTo(token < 21);
            }
        }
    }

    /** The sizes of Swin-T's first stage and of its last. */
    @Test
    void agreesOnWindowsOfSwin() {
        BatchLayout batch = BatchLayout.of(3);
        try (Kernels kernels = candidate(2)) {
            for (AttentionShape shape : List.of(windows(3, 32, 14, 21, 7, 3), windows(1, 32, 7, 7, 7, 3))) {
                new Tensors(shape, batch, 1, 8).compare(kernels.tokens().attention(shape, batch), 5e-6);
            }
        }
    }

    /** In padding lanes nothing is subtracted from a bias before the exponential, which is no number here. */
    @Test
    void survivesLargeBiases() {
        AttentionShape shape = windows(1, 4, 6, 6, 3, 1);
        BatchLayout batch = BatchLayout.of(3);
        try (Kernels kernels = candidate(1)) {
            Tensors tensors = new Tensors(shape, batch, 1, 8);
            tensors.bias.storage().fill(89);
            tensors.compare(kernels.tokens().attention(shape, batch), 1e-4);
        }
    }

    /** What Swin's mask is for: a token at an edge does not see the other edge, nor the next window. */
    @Test
    void tokensSeeTheirWindowOnly() {
        AttentionShape shape = windows(1, 4, 8, 8, 4, 2);
        BatchLayout batch = BatchLayout.of(2);
        try (Kernels kernels = candidate(1)) {
            AttentionKernel kernel = kernels.tokens().attention(shape, batch);
            Tensors before = new Tensors(shape, batch, 1, 4);
            Tensors after = new Tensors(shape, batch, 1, 4);
            for (int channel = 0; channel < shape.input().channels(); channel++) {
                after.qkv.storage().set(batch.index(shape.input(), 0, channel, 7, 3), 3);
            }
            before.forward(kernel);
            after.forward(kernel);
            for (int row = 0; row < 8; row++) {
                for (int column = 0; column < 8; column++) {
                    long at = batch.index(shape.output(), 0, 1, row, column);
                    boolean same = before.y.storage().get(at) == after.y.storage().get(at);
                    boolean sees = row >= 6 && column >= 2 && column < 6;
                    assertThat(same).as("row %d, column %d", row, column).isEqualTo(!sees);
                }
            }
        }
    }

    /** All windows together are the image, each pixel once. */
    @Test
    void windowsTileTheImage() {
        for (int rows = 1; rows < 12; rows++) {
            for (int size = 1; size < 6; size++) {
                for (int shift = 0; shift < size; shift++) {
                    FeatureShape image = new FeatureShape(3, rows, 7);
                    List<AttentionWindow> windows = new AttentionScope.Windows(size, shift).windows(image);
                    assertThat(windows.stream().flatMapToInt(
                            window -> IntStream.range(0, window.tokens()).map(window::pixel)).sorted())
                            .containsExactlyElementsOf(IntStream.range(0, image.pixels()).boxed().toList());
                    int largest = size;
                    assertThat(windows).allMatch(window -> window.rows() <= largest && window.columns() <= largest);
                }
            }
        }
    }

    @Test
    void givesTheSameBitsOnAnyNumberOfThreads() {
        givesTheSameBits(shape(3, 10, 35, FULL));
        givesTheSameBits(windows(3, 4, 9, 6, 3, 1));
    }

    private void givesTheSameBits(AttentionShape shape) {
        BatchLayout batch = BatchLayout.of(70);
        Tensors first = null;
        for (int threads = 1; threads <= 4; threads++) {
            try (Kernels kernels = candidate(threads)) {
                AttentionKernel kernel = kernels.tokens().attention(shape, batch);
                for (int repetition = 0; repetition < 5; repetition++) {
                    Tensors tensors = new Tensors(shape, batch, 1, 6);
                    tensors.forward(kernel);
                    tensors.backward(kernel);
                    first = first == null ? tensors : first;
                    TwinTensors.assertSame(tensors.y, first.y, threads + " threads: y");
                    TwinTensors.assertSame(tensors.dqkv, first.dqkv, threads + " threads: dqkv");
                    TwinTensors.assertSame(tensors.dBias, first.dBias, threads + " threads: dBias");
                }
            }
        }
    }

    @Test
    void refusesWrongArguments() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AttentionShape(new FeatureShape(20, 3, 1), 2, FULL))
                .withMessageContaining("a multiple of 6 channels");
        AttentionShape shape = shape(1, 2, 3, FULL);
        BatchLayout batch = BatchLayout.of(3);
        Tensors t = new Tensors(shape, batch, 1, 1);
        Storage y = t.y.storage();
        try (Kernels kernels = candidate(1)) {
            AttentionKernel kernel = kernels.tokens().attention(shape, batch);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernel.forward(y, null, y, y))
                    .withMessageContaining("qkv has 96 elements, expected 288");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernel.backward(t.qkv.storage(), null, t.statistics.storage(), y, y, y, null))
                    .withMessageContaining("dqkv");
        }
    }

    @Test
    void refusesWrongBiases() {
        AttentionShape shape = windows(2, 1, 4, 4, 2, 1);
        AttentionShape full = new AttentionShape(shape.input(), 2, FULL);
        BatchLayout batch = BatchLayout.of(3);
        Tensors t = new Tensors(shape, batch, 1, 1);
        Storage qkv = t.qkv.storage();
        try (Kernels kernels = candidate(1)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernels.tokens().attention(shape, batch)
                            .forward(qkv, null, t.statistics.storage(), t.y.storage()))
                    .withMessageContaining("bias is null, expected 18 elements");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernels.tokens().attention(full, batch)
                            .forward(qkv, t.bias.storage(), t.statistics.storage(), t.y.storage()))
                    .withMessageContaining("Got bias, expected null");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AttentionScope.Windows(3, 3))
                .withMessageContaining("shifted by 3, expected");
    }

    @Test
    @Tag(Allocation.TAG)
    void allocatesNothing() throws InterruptedException {
        BatchLayout batch = BatchLayout.of(37);
        for (AttentionShape shape : List.of(shape(2, 5, 6, CAUSAL), windows(2, 5, 4, 6, 3, 1))) {
            Tensors tensors = new Tensors(shape, batch, 1, 1);
            try (Kernels kernels = candidate(2)) {
                AttentionKernel kernel = kernels.tokens().attention(shape, batch);
                Allocation.assertNone(shape + " forward", () -> tensors.forward(kernel));
                Allocation.assertNone(shape + " backward", () -> tensors.backward(kernel));
            }
        }
    }

    /** The tensors of one attention; the padding would spoil whatever it reached. */
    private static final class Tensors {
        final AttentionShape shape;
        final BatchLayout batch;
        final GuardedStorage qkv;
        final GuardedStorage dy;
        final GuardedStorage statistics;
        final GuardedStorage y;
        final GuardedStorage dqkv;
        final GuardedStorage bias;
        final GuardedStorage dBias;

        Tensors(AttentionShape shape, BatchLayout batch, double deviation, long seed) {
            this.shape = shape;
            this.batch = batch;
            Random random = new Random(seed);
            qkv = TwinTensors.images(shape.input(), batch, random, 0.1, deviation, 1e30);
            dy = TwinTensors.images(shape.output(), batch, random, 0.1, 1, 1e30);
            statistics = TwinTensors.activations(shape.statistics(), batch);
            y = TwinTensors.activations(shape.output(), batch);
            dqkv = TwinTensors.activations(shape.input(), batch);
            bias = GuardedStorage.misaligned(ElementType.FLOAT, shape.biases()).random(random, 0, 2 * deviation);
            dBias = GuardedStorage.misaligned(ElementType.FLOAT, shape.biases());
        }

        /** Null where the scope has no bias. */
        private Storage ifAny(GuardedStorage biases) {
            return shape.biases() == 0 ? null : biases.storage();
        }

        void forward(AttentionKernel kernel) {
            kernel.forward(qkv.storage(), ifAny(bias), statistics.storage(), y.storage());
        }

        void backward(AttentionKernel kernel) {
            kernel.backward(qkv.storage(), ifAny(bias), statistics.storage(), y.storage(), dy.storage(), dqkv.storage(),
                    ifAny(dBias));
        }

        void compare(AttentionKernel kernel, double tolerance) {
            Tensors twin = new Tensors(shape, batch, 1, 0);
            AttentionKernel reference = new ScalarAttention(shape, batch);
            forward(kernel);
            reference.forward(qkv.storage(), ifAny(bias), twin.statistics.storage(), twin.y.storage());
            TwinTensors.assertImages(y, twin.y.storage(), shape.output(), batch, tolerance, shape + " y");
            TwinTensors.assertPaddingZero(y, shape.output(), batch, "y");
            backward(kernel);
            reference.backward(qkv.storage(), ifAny(bias), twin.statistics.storage(), twin.y.storage(), dy.storage(),
                    twin.dqkv.storage(), ifAny(twin.dBias));
            TwinTensors.assertImages(dqkv, twin.dqkv.storage(), shape.input(), batch, 4 * tolerance, shape + " dqkv");
            TwinTensors.assertPaddingZero(dqkv, shape.input(), batch, "dqkv");
            TwinTensors.assertNumbers(dBias, twin.dBias.storage(), 20 * tolerance, shape + " dBias");
            bias.verify("bias");
            statistics.verify("statistics");
            qkv.verify("qkv");
            dy.verify("dy");
        }
    }
}
